import { TextArea, TextField } from "../../../ui/field.tsx";
import { usersWords } from "../words.ts";

const MAX_REASON = 200;
const MAX_NOTE = 500;

/** Why an act is done: the reason, which the user sees, and a note, which only staff sees in the audit log. */
export function ReasonFields({ hasNote = false }: { readonly hasNote?: boolean }) {
  const words = usersWords.useWords();
  return (
    <>
      <TextField
        name="reason"
        label={words.reason}
        hint={hasNote ? words.reasonSeen : words.reasonLogged}
        required
        maxLength={MAX_REASON}
        autoComplete="off"
      />
      {hasNote && (
        <TextArea name="note" label={words.note} hint={words.noteSeen} required={false} maxLength={MAX_NOTE} />
      )}
    </>
  );
}

/** The reason and the note of a form. */
export const reasonOf = (values: FormData) => {
  const note = String(values.get("note") ?? "").trim();
  return { reason: String(values.get("reason")).trim(), ...(note !== "" && { note }) };
};
