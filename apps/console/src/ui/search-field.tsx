import { useId } from "react";
import { controlClass } from "./field.tsx";

type SearchFieldProps = {
  readonly name: string;
  readonly label: string;
  readonly defaultValue: string | undefined;
};

/** The search field of a list: `/` moves the focus into it. */
export function SearchField({ name, label, defaultValue }: SearchFieldProps) {
  const id = useId();
  return (
    <div className="grid min-w-0 grow gap-1 sm:max-w-sm">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        {...{ id, name, defaultValue }}
        type="search"
        data-search
        autoComplete="off"
        spellCheck={false}
        className={controlClass}
      />
    </div>
  );
}
