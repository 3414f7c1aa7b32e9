import { useState } from "react";
import { NumberField } from "../../../ui/field.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { usersWords } from "../words.ts";
import { AmountAgain } from "./amount-again.tsx";

type AmountFieldsProps = {
  readonly balance: number;
  readonly sign: 1 | -1;
  readonly onAmount: (amount: number | undefined) => void;
};

/** How many credits, and what the balance becomes. A large amount has to be typed twice. */
export function AmountFields({ balance, sign, onAmount }: AmountFieldsProps) {
  const words = usersWords.useWords();
  const [text, setText] = useState("");
  const amount = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  const change = (value: string) => {
    setText(value);
    onAmount(/^\d{1,15}$/.test(value) ? Number(value) : undefined);
  };
  const after = balance + sign * (amount ?? 0);
  return (
    <>
      <NumberField
        name="amount"
        label={words.amount}
        value={text}
        onChange={({ target }) => change(target.value)}
        required
        hint={
          amount === undefined ? undefined : (
            <span aria-live="polite">{words.fromTo(formatNumber(balance), formatNumber(Math.max(after, 0)))}</span>
          )
        }
      />
      <AmountAgain
        name="amountAgain"
        amount={amount}
        label={words.amountAgain}
        why={words.amountAgainWhy}
        rule={words.amountAgainRule}
      />
    </>
  );
}
