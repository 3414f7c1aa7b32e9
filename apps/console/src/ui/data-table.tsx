import type { ReactNode } from "react";
import { ScrollRegion } from "./scroll-region.tsx";

/** A column of a table. */
export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers are aligned at the right. */
  readonly isNumber?: boolean;
  /** Left out on phones, where another cell shows its content in a second line. */
  readonly isWide?: boolean;
};

type DataTableProps<Row> = {
  /** What the table holds, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The key of the row that the reader asked for, which is marked. */
  readonly markedKey?: string | undefined;
  /** How many grey rows stand for rows that are being loaded. */
  readonly placeholders?: number;
};

const classOf = ({ isNumber, isWide }: Pick<Column<never>, "isNumber" | "isWide">) =>
  `${isNumber ? "text-right whitespace-nowrap" : "text-left"} ${isWide ? "hidden md:table-cell" : ""}`;

const scrollTo = (row: HTMLTableRowElement | null): void => row?.scrollIntoView({ block: "center" });

/** A table with rows of one line. The server filters, sorts and pages; the table only shows. */
export function DataTable<Row>({ caption, columns, rows, rowKey, markedKey, placeholders = 0 }: DataTableProps<Row>) {
  return (
    <ScrollRegion label={caption}>
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-muted">
            {columns.map((column) => (
              <th key={column.title} scope="col" className={`px-3 py-2 font-medium ${classOf(column)}`}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              data-row
              {...(rowKey(row) === markedKey && { "aria-current": true, ref: scrollTo })}
              className="border-b border-line last:border-b-0 hover:bg-sunken/60 aria-current:bg-seal-soft aria-current:outline-2 aria-current:-outline-offset-2 aria-current:outline-seal"
            >
              {columns.map((column) => (
                <td key={column.title} className={`px-3 py-1.5 align-top ${classOf(column)}`}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {Array.from({ length: placeholders }, (_, row) => (
            <tr key={row} aria-hidden className="border-b border-line last:border-b-0">
              {columns.map((column) => (
                <td key={column.title} className={`px-3 py-1.5 ${classOf(column)}`}>
                  <span className="my-1 block h-4 motion-safe:animate-pulse rounded bg-sunken" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
