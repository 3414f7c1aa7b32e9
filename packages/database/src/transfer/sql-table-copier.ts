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
        .$queryRawUnsafe<[{ n: bigint | number }]>(`SELECT count(*) AS n FROM ${name}`)
        .catch(afterConnectionLoss("nothing written"));
      return Number(rows[0].n);
    },

    insert: async (table, rows) => {
      for (const statement of inStatements(table, rows)) {
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

/** Pages in the order of the primary key: first the remaining rows of the account or user in which the last page ended. */
async function* pagesOf(table: TransferTable, read: SnapshotRead): AsyncGenerator<readonly TransferRow[]> {
  const { name, columns, key } = table;
  const [first, second] = key;
  const ordered = `SELECT ${columns.map(([column]) => column).join(", ")} FROM ${name}`;
  const by = key.join(", ");
  const keyIn = (row: SqlRow, column: string) => row[column] as string | number;
  let rows = await read<SqlRow>(`${ordered} ORDER BY ${by} LIMIT ${PAGE}`, []);
  for (;;) {
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => columns.map(([column, type]) => toTransferValue(row[column], type, `${name}.${column}`)));
    const end = keyIn(last, first);
    const rest =
      second === undefined
        ? []
        : await read<SqlRow>(`${ordered} WHERE ${first} = ? AND ${second} > ? ORDER BY ${second} LIMIT ${PAGE}`, [
            end,
            keyIn(last, second),
          ]);
    const left = PAGE - rest.length;
    const after =
      left === 0 ? [] : await read<SqlRow>(`${ordered} WHERE ${first} > ? ORDER BY ${by} LIMIT ${left}`, [end]);
    rows = [...rest, ...after];
  }
}

/** Statements with as many rows each as the number of values allows. */
function* inStatements({ name, columns }: TransferTable, rows: readonly TransferRow[]) {
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
