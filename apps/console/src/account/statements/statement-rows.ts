import type { Statement, StatementLine } from "./statement-lines.ts";
import type { statementsWords } from "./words.ts";

/** The lines of a statement as rows of a file, the month and the user in each: files of several months can be joined. */
export const statementRows = (
  { month, userId }: Statement,
  lines: readonly StatementLine[],
  words: ReturnType<typeof statementsWords.useWords>,
) => [
  [words.month, words.user, words.item, words.detail, words.count, words.credits],
  ...lines.map(({ item, detail, count, credits }) => [month, userId, item, detail, count, credits]),
];
