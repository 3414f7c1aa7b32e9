import type { BatchLogBackend } from "../../../logs/log-store.ts";
import { writeLogs } from "../../../logs/write-logs.ts";
import { countRows, insertStatements } from "../../../transfer/sql-table-copier.ts";
import type { TableCopier } from "../../../transfer/table-copier.ts";
import type { Connection } from "../pool.ts";
import { inTransaction } from "../transaction.ts";
import { createSqliteLogBackend } from "./log-backend.ts";
import { toParameter } from "./log-statements.ts";

/** What the thread of the logs does. Arguments and results cross to it and back as copies. */
export type LogCalls = Omit<BatchLogBackend, "hasPlaceFor" | "makePlacesFor" | "removesMonths"> &
  Pick<TableCopier, "count" | "insert">;

/** Every call, and whether it writes. */
export const callEffects = {
  write: "writes",
  insert: "writes",
  moveMark: "writes",
  removeLogs: "writes",
  removeDetails: "writes",
  removeKeys: "writes",
  releaseKeys: "writes",
  find: "reads",
  findByKeys: "reads",
  scan: "reads",
  quarterCalls: "reads",
  sums: "reads",
  sumsOfUsers: "reads",
  count: "reads",
  readMarks: "reads",
  listKeys: "reads",
  storedKeys: "reads",
} as const satisfies Readonly<Record<keyof LogCalls, "writes" | "reads">>;

/** The calls on one connection to the file of the logs. */
export function createLogCalls(connection: Connection): LogCalls {
  const backend = createSqliteLogBackend(connection);
  const { insert: _, hasPlaceFor: __, makePlacesFor: ___, removesMonths: ____, ...others } = backend;
  return {
    ...others,
    write: (part, logs) => writeLogs(backend, part, logs),
    count: async ({ name }) => connection.prepare<[], { n: number }>(countRows(name)).get()?.n ?? 0,
    insert: async (table, rows) =>
      inTransaction(connection, () => {
        for (const { sql, values } of insertStatements(table, rows)) {
          connection.prepare(sql).run(...values.map(toParameter));
        }
      }),
  };
}
