import { type ComponentProps, type ReactNode, useId } from "react";
import { useFieldIssue } from "./form-errors.ts";

type CheckFieldProps = Omit<ComponentProps<"input">, "type" | "children"> & {
  readonly name: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
};

/** A choice between yes and no, with its hint and what the server says about it. */
export function CheckField({ name, label, hint, ...input }: CheckFieldProps) {
  const id = useId();
  const issue = useFieldIssue(name);
  const describedBy = [hint && `${id}-hint`, issue && `${id}-issue`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
      <input
        {...input}
        {...{ id, name }}
        type="checkbox"
        aria-invalid={issue ? true : undefined}
        aria-describedby={describedBy}
        className="mt-0.5 size-4 accent-seal"
      />
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="col-start-2 text-muted">
          {hint}
        </p>
      )}
      {issue && (
        <p id={`${id}-issue`} className="col-start-2 text-bad">
          {issue}
        </p>
      )}
    </div>
  );
}
