import { TextField } from "./field.tsx";

type DateRangeProps = {
  readonly labels: { readonly from: string; readonly to: string };
  readonly from: string | undefined;
  readonly to: string | undefined;
};

/** Two days in the browser's zone; the second one is included. They stay together when a row of filters is too narrow. */
export const DateRange = ({ labels, from, to }: DateRangeProps) => (
  <div className="flex flex-wrap gap-3 *:min-w-36 *:flex-1">
    <TextField name="from" type="date" label={labels.from} defaultValue={from} />
    <TextField name="to" type="date" label={labels.to} defaultValue={to} />
  </div>
);
