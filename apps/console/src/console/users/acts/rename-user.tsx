import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

const MAX_NAME = 100;

/** Changes the name of a user. */
export function RenameUser({ user: { userId, name }, onClose }: ActProps) {
  const words = usersWords.useWords();
  return (
    <ActDialog
      act={`rename:${userId}`}
      title={words.acts.rename}
      submit={words.acts.rename}
      done={words.done.rename(userId)}
      perform={(values) =>
        jifen.users.rename.mutate({ userId, name: String(values.get("name")).trim(), ...reasonOf(values) })
      }
      onClose={onClose}
    >
      <p>{words.explain.rename(userId)}</p>
      <TextField name="name" label={words.name} defaultValue={name} required maxLength={MAX_NAME} autoComplete="off" />
      <ReasonFields />
    </ActDialog>
  );
}
