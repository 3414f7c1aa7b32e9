import { TextField } from "../../../ui/field.tsx";
import { minorDigits } from "../../../ui/money.ts";
import { moneyOf } from "../money.tsx";
import type { Refundable } from "../types.ts";
import { ordersWords } from "../words.ts";

type RefundAmountProps = {
  readonly terms: Refundable;
  readonly text: string;
  readonly onText: (text: string) => void;
};

/** How much money goes back, and how much can. */
export function RefundAmount({ terms: { most, left }, text, onText }: RefundAmountProps) {
  const words = ordersWords.useWords();
  const digits = minorDigits(left.currency);
  return (
    <TextField
      name="amountMinor"
      label={`${words.refundAmount} (${left.currency})`}
      hint={most.minor < left.minor ? words.refundMost(moneyOf(most), moneyOf(left)) : words.refundAll(moneyOf(left))}
      value={text}
      onChange={({ target }) => onText(target.value)}
      inputMode="decimal"
      pattern={digits === 0 ? "\\d{1,12}" : `\\d{1,12}(\\.\\d{1,${digits}})?`}
      title={words.amountRule}
      required
      autoComplete="off"
    />
  );
}
