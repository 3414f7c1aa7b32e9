type TextFieldProps = {
  readonly label: string;
  readonly name: string;
  readonly type: "text" | "password";
  readonly inputMode?: "email" | undefined;
  readonly autoComplete: string;
  readonly defaultValue?: string | undefined;
  /** The id of the element that shows the error. */
  readonly describedBy: string;
};

/** A text field with its label. */
export function TextField({ label, name, describedBy, ...input }: TextFieldProps) {
  return (
    <label className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{label}</span>
      <input
        {...input}
        name={name}
        required
        aria-describedby={describedBy}
        className="rounded-lg border border-muted bg-paper px-3 py-2.5 text-base"
      />
    </label>
  );
}
