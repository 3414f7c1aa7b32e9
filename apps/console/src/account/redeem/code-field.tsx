import { type ChangeEvent, useState } from "react";
import { TextField } from "../../ui/field.tsx";
import { redeemWords } from "./words.ts";

const MAX_LENGTH = 100;

/** A code as it is printed: upper case, in groups of five. */
const grouped = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .match(/.{1,5}/g)
    ?.join("-") ?? "";

/** The field of a code, which is grouped while it is typed. */
export function CodeField() {
  const words = redeemWords.useWords();
  const [code, setCode] = useState("");
  const onChange = ({ target: { value, selectionStart } }: ChangeEvent<HTMLInputElement>) =>
    // A change in the middle is left as it is: grouping would move the caret.
    setCode(selectionStart === value.length ? grouped(value) : value);
  return (
    <TextField
      name="code"
      label={words.code}
      hint={words.hint}
      value={code}
      onChange={onChange}
      onBlur={() => setCode(grouped(code))}
      required
      maxLength={MAX_LENGTH}
      placeholder="K7WQ2-9XH4M-0BTRC-5E8NZ"
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      className="font-mono"
    />
  );
}
