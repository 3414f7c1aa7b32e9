import type { Language, Wording } from "@jifen/contract";
import { stringify } from "csv-stringify/sync";
import type { FileFormatter } from "./file-formatter.ts";

/** What a cell can hold; null is an empty cell. */
export type CsvCell = string | number | bigint | boolean | null;

/** A column of a CSV file, in the language of its names. `total` gives its cell in the last line, which is empty without it. */
export type CsvColumn<Row, Total> = {
  readonly name: Wording;
  readonly value: (row: Row, language: Language) => CsvCell;
  readonly total?: (total: Total, language: Language) => CsvCell;
};

/** The columns of a file, at least two, and the language of their names. */
export type CsvLayout<Row, Total> = {
  readonly columns: readonly CsvColumn<Row, Total>[];
  readonly language: Language;
};

const BYTE_ORDER_MARK = "\ufeff";

/**
 * CSV by RFC 4180 with a byte order mark (Excel takes the file for UTF-8) and CRLF. The total is the last line. Give the
 * first column a `total` that no row has there, such as "Total".
 *
 * A cell with a comma, a quotation mark or a line break is quoted. A text cell that begins with `=`, `+`, `-`, `@`, a
 * tab, CR or a full-width form of those signs gets `'` before it, so that no spreadsheet runs it as a formula. Numbers
 * have no `'`: -5 stays -5.
 */
export function createCsvFormatter<Row, Total>(layout: CsvLayout<Row, Total>): FileFormatter<Row, Total> {
  const { columns, language } = layout;
  return {
    head: () => BYTE_ORDER_MARK + writeLines([columns.map(({ name }) => name[language])]),
    rows: (rows) => writeLines(rows.map((row) => columns.map(({ value }) => value(row, language)))),
    total: (total) => writeLines([columns.map((column) => column.total?.(total, language) ?? null)]),
  };
}

const writeLines = (lines: CsvCell[][]): string =>
  stringify(lines, {
    record_delimiter: "\r\n",
    // With a delimiter of two characters, one of them alone would not be quoted.
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { boolean: String },
  });
