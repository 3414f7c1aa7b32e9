import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Suspends a user: every request is refused until the user is resumed. */
export function SuspendUser({ user: { userId }, onClose }: ActProps) {
  const words = usersWords.useWords();
  return (
    <ActDialog
      act={`suspend:${userId}`}
      title={words.acts.suspend}
      submit={words.acts.suspend}
      done={words.done.suspend(userId)}
      isDanger
      perform={(values) => jifen.users.suspend.mutate({ userId, ...reasonOf(values) })}
      onClose={onClose}
    >
      <p>{words.explain.suspend(userId)}</p>
      <ReasonFields />
    </ActDialog>
  );
}
