import type { JifenOutputs } from "@jifen/client";
import { formatMoney } from "../../ui/format.ts";

type Amount = Pick<JifenOutputs["orders"]["find"]["amount"], "minor" | "currency">;

/** An amount of money as text. */
export const moneyOf = ({ minor, currency }: Amount): string => formatMoney(minor, currency);

/** An amount of money with the code of its currency in the title: several currencies have one sign. */
export const Money = ({ amount }: { readonly amount: Amount }) => (
  <span title={amount.currency}>{moneyOf(amount)}</span>
);
