import { announce } from "../../announcements.ts";
import { jifen } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { TextField } from "../../ui/field.tsx";
import { securityWords } from "./words.ts";

const MAX_LENGTH = 100;

/** Changes the name of the person. */
export function ChangeName() {
  const words = securityWords.useWords();
  const { name } = useSession().session;
  return (
    <ActForm
      act="change-name"
      submit={words.saveName}
      perform={(values) => jifen.auth.rename.mutate({ name: String(values.get("name")).trim() })}
      onDone={() => announce(words.nameChanged)}
    >
      <TextField
        name="name"
        label={words.name}
        defaultValue={name}
        autoComplete="name"
        maxLength={MAX_LENGTH}
        required
      />
    </ActForm>
  );
}
