import type { Language, Wording } from "@jifen/contract";
import type { Statement } from "./statement.ts";
import { sourceTexts, texts } from "./texts.ts";

/** A part of a line: a source, or an action. */
type Detail = { readonly name: string; readonly count: number; readonly credits: number };

/** What changes the balance, with its sign: the credits of all lines and the opening balance are the closing balance. */
export type Line = {
  readonly item: Wording;
  /** null: how many entries is not known. */
  readonly count: number | null;
  readonly credits: number;
  readonly details: readonly Detail[];
};

/** The lines of a statement, in the order of its sum. */
export function linesOf(statement: Statement, language: Language): readonly Line[] {
  const { grants, revoked, spent, refunded, expired } = statement;
  const nameOf = (action: string | null) => action ?? texts.otherActions[language];
  return [
    {
      item: texts.granted,
      count: grants.bySource.reduce((count, each) => count + each.grants, 0),
      credits: grants.total,
      details: grants.bySource.map((each) => ({
        ...{ name: sourceTexts[each.source][language], count: each.grants, credits: each.amount },
      })),
    },
    { item: texts.revoked, count: null, credits: minus(revoked), details: [] },
    {
      item: texts.spent,
      count: spent.charges,
      credits: minus(spent.total),
      details: spent.byAction.map(({ action, charges, amount }) => ({
        ...{ name: nameOf(action), count: charges, credits: minus(amount) },
      })),
    },
    {
      item: texts.refunded,
      count: refunded.refunds,
      credits: refunded.total,
      details: refunded.byAction.map(({ action, refunds, amount }) => ({
        ...{ name: nameOf(action), count: refunds, credits: amount },
      })),
    },
    { item: texts.expired, count: null, credits: minus(expired), details: [] },
  ];
}

/** Without a negative zero. */
const minus = (amount: number): number => (amount === 0 ? 0 : -amount);
