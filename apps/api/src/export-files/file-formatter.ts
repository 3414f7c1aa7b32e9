/**
 * Writes the text of a file in parts, so that the caller can send one page of rows at a time: `head()` first, `rows` for
 * each page, and `total` last. A file that breaks off has no total, which shows a reader that rows are missing.
 */
export type FileFormatter<Row, Total> = {
  readonly head: () => string;
  readonly rows: (rows: readonly Row[]) => string;
  readonly total: (total: Total) => string;
};
