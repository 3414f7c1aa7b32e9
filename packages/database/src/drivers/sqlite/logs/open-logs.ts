import { tables } from "../../../generated/tables.ts";
import { createBatchLogStore, type LogStore } from "../../../logs/log-store.ts";
import type { MigrationMode } from "../../../schema/schema-state.ts";
import type { TableCopier } from "../../../transfer/table-copier.ts";
import { createLogThread } from "./log-thread.ts";

/** The maximum number of logs in a transaction, while which a list waits. */
const MAX_BATCH = 100;

/** The tables in the file of the logs. */
const logTables: ReadonlySet<string> = new Set(tables.filter(({ file }) => file === "logs").map(({ name }) => name));

/** The logs of an embedded database. */
export type OpenLogs = {
  readonly logs: LogStore;
  /** Lets a copier of the database file count and insert rows in the file of the logs. */
  readonly withLogTables: (copier: TableCopier) => TableCopier;
  close(): Promise<void>;
};

/** Opens the logs. Nothing is done with the file at `path` before the first call. */
export function openLogs(path: string, mode: MigrationMode): OpenLogs {
  const thread = createLogThread({ path, mode, lockTimeoutMs: 0 });
  const backend = { ...thread, hasPlaceFor: async () => true, makePlacesFor: async () => undefined };
  return {
    // A file has one writer at a time: all of them add to the same sums.
    logs: createBatchLogStore(backend, { lanes: 1, maxBatch: MAX_BATCH, parts: 1 }),
    withLogTables: (copier) => ({
      ...copier,
      count: (table) => (logTables.has(table.name) ? thread : copier).count(table),
      insert: (table, rows) => (logTables.has(table.name) ? thread : copier).insert(table, rows),
    }),
    close: thread.close,
  };
}
