import { type ComponentProps, type ReactNode, useId } from "react";
import { uiWords } from "../words/ui.ts";
import { useFieldIssue } from "./form-errors.ts";

/** How every control looks. */
export const controlClass =
  "w-full min-h-8 rounded-md border border-line-strong bg-card px-2.5 py-1 text-ink placeholder:text-muted " +
  "aria-invalid:border-bad pointer-coarse:min-h-11";

type Labelled = {
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly isLabelHidden?: boolean;
};

type FieldProps = Labelled & {
  readonly isOptional?: boolean | undefined;
  /** The control, with the attributes that tie it to its label, hint and issue. */
  readonly children: (attributes: ControlAttributes) => ReactNode;
};

type ControlAttributes = {
  readonly id: string;
  readonly name: string;
  readonly "aria-invalid": true | undefined;
  readonly "aria-describedby": string | undefined;
};

/** A label, a control, its hint, and what the server says about its value. */
export function Field({ name, label, hint, isLabelHidden, isOptional, children }: FieldProps) {
  const id = useId();
  const words = uiWords.useWords();
  const issue = useFieldIssue(name);
  const describedBy = [hint && `${id}-hint`, issue && `${id}-issue`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "font-medium"}>
        {label}
        {isOptional && <span className="font-normal text-muted"> · {words.optional}</span>}
      </label>
      {children({ id, name, "aria-invalid": issue ? true : undefined, "aria-describedby": describedBy })}
      {hint && (
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      )}
      {issue && (
        <p id={`${id}-issue`} className="text-bad">
          {issue}
        </p>
      )}
    </div>
  );
}

type InputProps = Labelled & Omit<ComponentProps<"input">, keyof Labelled | "children">;

/** A field with one line of text, or with the `type` that is given. */
export const TextField = ({ name, label, hint, isLabelHidden, className = "", ...input }: InputProps) => (
  <Field {...{ name, label, hint }} isLabelHidden={isLabelHidden ?? false} isOptional={isOptional(input)}>
    {(attributes) => <input type="text" {...input} {...attributes} className={`${controlClass} ${className}`} />}
  </Field>
);

/** A field with a whole number. The keyboard of a phone shows digits. */
export const NumberField = (props: InputProps) => (
  <TextField {...props} inputMode="numeric" pattern="[0-9]*" autoComplete="off" />
);

type AreaProps = Labelled & Omit<ComponentProps<"textarea">, keyof Labelled | "children">;

/** A field with several lines of text. */
export const TextArea = ({ name, label, hint, ...area }: AreaProps) => (
  <Field {...{ name, label, hint }} isOptional={isOptional(area)}>
    {(attributes) => <textarea rows={2} {...area} {...attributes} className={controlClass} />}
  </Field>
);

type SelectProps = Labelled & Omit<ComponentProps<"select">, keyof Labelled>;

/** A field with one of some choices: `children` are its options. */
export const SelectField = ({ name, label, hint, isLabelHidden, children, ...select }: SelectProps) => (
  <Field {...{ name, label, hint }} isLabelHidden={isLabelHidden ?? false}>
    {(attributes) => (
      <select {...select} {...attributes} className={controlClass}>
        {children}
      </select>
    )}
  </Field>
);

/** In a filter nothing is required, and a field that shows its label says whether it is. */
const isOptional = ({
  required,
  "data-filter": isFilter,
}: {
  required?: boolean | undefined;
  "data-filter"?: boolean;
}) => required === false && !isFilter;
