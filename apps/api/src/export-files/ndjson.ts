import type { FileFormatter } from "./file-formatter.ts";

/**
 * NDJSON: the JSON object of each row on a line of its own, and `{"total":…}` as the last line. `toJson` returns an
 * object without a field `total`; fields that are undefined are left out.
 */
export function createNdjsonFormatter<Row, Total>(
  toJson: (row: Row) => Readonly<Record<string, unknown>>,
): FileFormatter<Row, Total> {
  return {
    head: () => "",
    rows: (rows) => rows.map((row) => `${JSON.stringify(toJson(row))}\n`).join(""),
    total: (total) => `${JSON.stringify({ total })}\n`,
  };
}
