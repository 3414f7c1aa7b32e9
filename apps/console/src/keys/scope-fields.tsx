import { type FormEvent, useId } from "react";
import { useFieldIssue } from "../ui/form-errors.ts";
import type { Scope } from "./types.ts";
import { keysWords } from "./words.ts";

type ScopeFieldsProps = {
  readonly scopes: readonly Scope[];
  /** Whether all of them are checked at first. */
  readonly areChecked?: boolean;
  /** Called with the scopes that are checked now. */
  readonly onChange?: (checked: readonly Scope[]) => void;
};

/** What a key may do, as checkboxes. */
export function ScopeFields({ scopes, areChecked = false, onChange }: ScopeFieldsProps) {
  const words = keysWords.useWords();
  const issue = useFieldIssue("scopes");
  const id = useId();
  const changed = ({ currentTarget }: FormEvent<HTMLFieldSetElement>) => {
    const boxes = [...currentTarget.querySelectorAll<HTMLInputElement>("input:checked")];
    onChange?.(boxes.map(({ value }) => value as Scope));
  };
  return (
    <fieldset className="grid gap-1" onChange={changed} aria-describedby={issue ? id : undefined}>
      <legend className="mb-1 font-medium">{words.scopesTitle}</legend>
      {scopes.map((scope) => (
        <label key={scope} className="flex items-baseline gap-2 pointer-coarse:min-h-11">
          <input type="checkbox" name="scopes" value={scope} defaultChecked={areChecked} className="accent-seal" />
          <span>
            {words.scopes[scope]} <code className="text-muted">{scope}</code>
          </span>
        </label>
      ))}
      {issue !== undefined && (
        <p id={id} className="text-bad">
          {issue}
        </p>
      )}
    </fieldset>
  );
}
