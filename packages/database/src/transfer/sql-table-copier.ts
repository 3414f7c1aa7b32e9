import { afterConnectionLoss } from "../errors/failure.ts";
import type { ColumnType } from "../records/table.ts";
import { IMPORT_MARK } from "../schema/schema-state.ts";
import type { SnapshotRead, WithSnapshot } from "../stores/audit-reads.ts";
import type { Prisma } from "../stores/prisma.ts";
import type { TableCopier, TransferRow, TransferValue } from "./table-copier.ts";
import type { TransferTable } from "./tables.ts";
import { toTransferValue } from "./transfer-value.ts";

/** How many rows are in memory at a time; a row can have 64 KB of details. */
const PAGE = 250;

/** How many values a statement can have on the database that allows the fewest. */
const MAX_VALUES = 32_000;

type SqlRow = Readonly<Record<string, unknown>>;

/** Counts the rows of a table as `n`. */
export const countRows = (table: string): string => `SELECT count(*) AS n FROM ${table}`;

/**
 * Reads and inserts all rows of a SQL database.
 * @param toDialect replaces `?` by the placeholders of the database
 */
export function createSqlTableCopier(
  prisma: Prisma,
  withSnapshot: WithSnapshot,
  toDialect: (sql: string) => string = (sql) => sql,
): TableCopier {
  return {
    readAll: (work) => withSnapshot((read) => work((table) => pagesOf(table, read))),

    count: async ({ name }) => {
      const rows = await prisma
        .$queryRawUnsafe<[{ n: bigint | number }]>(countRows(name))
        .catch(afterConnectionLoss("nothing written"));
      return Number(rows[0].n);
    },

    insert: async (table, rows) => {
      for (const statement of insertStatements(table, rows)) {
        await prisma
          .$executeRawUnsafe(toDialect(statement.sql), ...statement.values)
          .catch(afterConnectionLoss("may be written"));
      }
    },

    setUnfinished: async (isUnfinished) => {
      const { version, name } = IMPORT_MARK;
      const marking = prisma.$transaction(async (tx) => {
        await tx.$executeRaw`DELETE FROM jifen_migrations WHERE version = ${version}`;
        if (isUnfinished)
          await tx.$executeRaw`INSERT INTO jifen_migrations (version, name) VALUES (${version}, ${name})`;
      });
      await marking.catch(afterConnectionLoss("may be written"));
    },
  };
}

/**
 * Pages in the order of the primary key. After a page come the rows that differ from its last one in the last column of the
 * key alone, then those that differ in the column before, and so on: each is a range of the index, on every database.
 */
async function* pagesOf(table: TransferTable, read: SnapshotRead): AsyncGenerator<readonly TransferRow[]> {
  const { name, columns, key } = table;
  const ordered = `SELECT ${columns.map(([column]) => column).join(", ")} FROM ${name}`;
  const by = key.join(", ");
  const keyIn = (row: SqlRow, column: string) => row[column] as string | number;
  let rows: readonly SqlRow[] = await read<SqlRow>(`${ordered} ORDER BY ${by} LIMIT ${PAGE}`, []);
  for (;;) {
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => columns.map(([column, type]) => toTransferValue(row[column], type, `${name}.${column}`)));
    rows = [];
    for (let at = key.length - 1; at >= 0 && rows.length < PAGE; at -= 1) {
      const same = key.slice(0, at).map((column) => `${column} = ? AND `);
      const where = `${same.join("")}${key[at]} > ?`;
      const rest = key.slice(at).join(", ");
      const values = key.slice(0, at + 1).map((column) => keyIn(last, column));
      const page = `${ordered} WHERE ${where} ORDER BY ${rest} LIMIT ${PAGE - rows.length}`;
      rows = [...rows, ...(await read<SqlRow>(page, values))];
    }
  }
}

/** INSERT statements with as many rows each as the number of values allows. */
export function* insertStatements({ name, columns }: TransferTable, rows: readonly TransferRow[]) {
  const maxRows = Math.floor(MAX_VALUES / columns.length);
  const one = `(${columns.map(() => "?").join(", ")})`;
  const into = `INSERT INTO ${name} (${columns.map(([column]) => column).join(", ")}) VALUES `;
  for (let from = 0; from < rows.length; from += maxRows) {
    const some = rows.slice(from, from + maxRows);
    const values = some.flatMap((row) => columns.map(([, type], at) => toParameter(row[at] ?? null, type)));
    yield { sql: into + Array(some.length).fill(one).join(", "), values };
  }
}

const toParameter = (value: TransferValue, type: ColumnType) =>
  type === "bigint" && value !== null ? BigInt(value) : value;
