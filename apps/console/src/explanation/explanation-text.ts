import type { ledgerWords } from "../ledger/words.ts";
import { formatNumber, formatTime } from "../ui/format.ts";
import type { Details } from "./explanation.tsx";
import { paramsText } from "./params-text.ts";
import type { explainWords } from "./words.ts";

type Texts = {
  readonly words: ReturnType<typeof explainWords.useWords>;
  readonly ledger: ReturnType<typeof ledgerWords.useWords>;
};

/** The explanation as text for the customer: without the names of staff. */
export function explanationText(details: Details, { words, ledger }: Texts): string {
  const { hold, refunds, grants, price } = details;
  return [
    `${ledger.kinds[details.kind]} ${formatNumber(details.amount)} · ${details.action}`,
    `${words.at}: ${formatTime(details.createdAt)}`,
    price &&
      `${words.price}: ${[paramsText({ ...price.params, ...price.usage }), priceText(price, words)].filter(Boolean).join(" · ")}`,
    hold && `${words.held}: ${words.heldText(formatNumber(hold.amount), ledger.holdStates[hold.state])}`,
    `${words.balance}: ${formatNumber(details.balanceAfter - details.change)} → ${formatNumber(details.balanceAfter)}`,
    ...grants.map(({ source, amount }) => `${words.grants}: ${ledger.sources[source]} ${formatNumber(amount)}`),
    ...refunds.map(({ amount, createdAt }) => `${words.refunds}: ${formatNumber(amount)} · ${formatTime(createdAt)}`),
    details.transactionId,
  ]
    .filter((line) => line !== null)
    .join("\n");
}

/** The price before and after the rounding; undefined when the catalogue of the time is not there. */
const priceText = ({ formula }: NonNullable<Details["price"]>, words: Texts["words"]): string | undefined =>
  formula ? words.rounded(formula.exact, formatNumber(formula.credits)) : undefined;
