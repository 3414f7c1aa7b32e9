import type { Language, Wording } from "@jifen/contract";
import { createCsvFormatter } from "../../../export-files/csv.ts";
import { linesOf } from "./lines.ts";
import type { Statement } from "./statement.ts";
import { texts } from "./texts.ts";

type Row = {
  readonly item: Wording;
  readonly detail: string | null;
  readonly count: number | null;
  readonly credits: number;
  readonly held: number | null;
};

/** A line for each detail, and one for each line without any: no credit is in two lines. */
function rowsOf(statement: Statement, language: Language): readonly Row[] {
  const { opening } = statement;
  const first = { item: texts.opening, detail: null, count: null, credits: opening.total, held: opening.held };
  const rows = linesOf(statement, language).flatMap(({ item, details, count, credits }): readonly Row[] =>
    details.length === 0
      ? [{ item, detail: null, count, credits, held: null }]
      : details.map((detail) => ({ ...detail, item, detail: detail.name, held: null })),
  );
  return [first, ...rows];
}

/**
 * A statement as a CSV file, the columns named in the language. The credits of all lines add up to those of the last line, the
 * closing balance. Month, user and time zone are in each line, so that the files of several months can be joined.
 */
export function statementCsv(statement: Statement, language: Language): string {
  const { month, userId, tz, closing } = statement;
  const formatter = createCsvFormatter<Row, Statement>({
    language,
    columns: [
      { name: texts.month, value: () => month, total: () => month },
      { name: texts.user, value: () => userId, total: () => userId },
      { name: texts.timeZone, value: () => tz, total: () => tz },
      { name: texts.item, value: ({ item }) => item[language], total: () => texts.closing[language] },
      { name: texts.detail, value: ({ detail }) => detail },
      { name: texts.count, value: ({ count }) => count },
      { name: texts.credits, value: ({ credits }) => credits, total: () => closing.total },
      { name: texts.ofWhichHeld, value: ({ held }) => held, total: () => closing.held },
    ],
  });
  return formatter.head() + formatter.rows(rowsOf(statement, language)) + formatter.total(statement);
}
