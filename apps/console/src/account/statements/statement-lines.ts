import type { JifenOutputs } from "@jifen/client";
import type { ledgerWords } from "../../ledger/words.ts";
import { formatNumber } from "../../ui/format.ts";
import type { statementsWords } from "./words.ts";

/** The statement of a month. */
export type Statement = JifenOutputs["statements"]["find"];

/** A line of a statement. The credits of all lines between the balances add up to the closing one. */
export type StatementLine = {
  readonly item: string;
  readonly detail?: string | undefined;
  readonly count?: number | undefined;
  readonly credits: number;
  readonly isBalance?: boolean;
};

type Texts = {
  readonly words: ReturnType<typeof statementsWords.useWords>;
  readonly ledger: ReturnType<typeof ledgerWords.useWords>;
};

/** The lines of a statement, from the opening to the closing balance. */
export function statementLines(statement: Statement, { words, ledger }: Texts): readonly StatementLine[] {
  const { opening, closing, grants, spent, refunded, revoked, expired } = statement;
  const balance = (item: string, { total, held }: Statement["opening"]): StatementLine => ({
    ...{ item, credits: total, isBalance: true },
    detail: held > 0 ? words.held(formatNumber(held)) : undefined,
  });
  return [
    balance(words.opening, opening),
    ...grants.bySource.map(({ source, grants: count, amount }) => ({
      ...{ item: words.granted(ledger.sources[source]), count, credits: amount },
    })),
    ...spent.byAction.map(({ action, charges, amount }) => ({
      ...{ item: words.spent(action ?? words.others), count: charges, credits: -amount },
    })),
    ...refunded.byAction.map(({ action, refunds, amount }) => ({
      ...{ item: words.refunded(action ?? words.others), count: refunds, credits: amount },
    })),
    ...(revoked > 0 ? [{ item: words.revoked, credits: -revoked }] : []),
    ...(expired > 0 ? [{ item: words.expired, credits: -expired }] : []),
    balance(words.closing, closing),
  ];
}
