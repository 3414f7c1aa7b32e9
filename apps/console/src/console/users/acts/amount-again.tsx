import { TextField } from "../../../ui/field.tsx";
import { formatNumber } from "../../../ui/format.ts";

/** From this many credits on, an amount is typed again. */
const CONFIRM_ABOVE = 10_000;

type AmountAgainProps = {
  readonly name: string;
  readonly amount: number | undefined;
  readonly label: string;
  /** Why it is typed again, by the amount from which on it is. */
  readonly why: (limit: string) => string;
  /** What another amount is. */
  readonly rule: string;
};

/** A large amount has to be typed twice; nothing for a small one. */
export function AmountAgain({ name, amount, label, why, rule }: AmountAgainProps) {
  if (amount === undefined || amount < CONFIRM_ABOVE) return null;
  return (
    <TextField
      name={name}
      label={label}
      hint={why(formatNumber(CONFIRM_ABOVE))}
      inputMode="numeric"
      pattern={String(amount)}
      title={rule}
      required
      autoComplete="off"
    />
  );
}
