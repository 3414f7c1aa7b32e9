import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Ends the suspension of a user. */
export function ResumeUser({ user: { userId }, onClose }: ActProps) {
  const words = usersWords.useWords();
  return (
    <ActDialog
      act={`resume:${userId}`}
      title={words.acts.resume}
      submit={words.acts.resume}
      done={words.done.resume(userId)}
      perform={(values) => jifen.users.resume.mutate({ userId, ...reasonOf(values) })}
      onClose={onClose}
    >
      <p>{words.explain.resume(userId)}</p>
      <ReasonFields />
    </ActDialog>
  );
}
