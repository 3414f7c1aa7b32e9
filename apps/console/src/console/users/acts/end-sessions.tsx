import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Ends all sessions of a user. */
export function EndSessions({ user: { userId }, onClose }: ActProps) {
  const words = usersWords.useWords();
  return (
    <ActDialog
      act={`endSessions:${userId}`}
      title={words.acts.endSessions}
      submit={words.acts.endSessions}
      done={words.done.endSessions(userId)}
      perform={(values) => jifen.users.endSessions.mutate({ userId, ...reasonOf(values) })}
      onClose={onClose}
    >
      <p>{words.explain.endSessions(userId)}</p>
      <ReasonFields />
    </ActDialog>
  );
}
