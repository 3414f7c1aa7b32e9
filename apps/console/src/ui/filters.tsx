import { type FormEvent, type ReactNode, useEffect, useRef } from "react";

const PAUSE_MS = 300;

type FiltersProps = {
  readonly label: string;
  /** Called with the values of all fields a moment after the last change, and when Enter is pressed. */
  readonly onChange: (values: FormData) => void;
  /** Whether the address has a filter. When the page has cleared the filters, the fields become empty. */
  readonly isSet?: boolean;
  readonly children: ReactNode;
};

/** The filters above a list. They go into the address, so that links and the back button keep them. */
export function Filters({ label, onChange, isSet = true, children }: FiltersProps) {
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hasSent = useRef(true);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // What a person types while the filters that they emptied leave the address has to stay.
    if (isSet || !hasSent.current) return;
    for (const field of form.current?.elements ?? []) {
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = "";
    }
  }, [isSet]);
  const apply = () => {
    clearTimeout(timer.current);
    if (!form.current) return;
    const values = new FormData(form.current);
    hasSent.current = [...values.values()].some((value) => value !== "");
    onChange(values);
  };
  const soon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(apply, PAUSE_MS);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    apply();
  };
  return (
    <search>
      <form
        ref={form}
        aria-label={label}
        onSubmit={onSubmit}
        onChange={soon}
        className="flex flex-wrap items-end gap-3 *:min-w-36 *:max-sm:flex-1"
      >
        {children}
      </form>
    </search>
  );
}
