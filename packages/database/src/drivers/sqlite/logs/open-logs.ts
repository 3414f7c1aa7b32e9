import { tables } from "../../../generated/tables.ts";
import { createBatchLogStore, type LogStore } from "../../../logs/log-store.ts";
import type { TableCopier } from "../../../transfer/table-copier.ts";
import type { OpenOptions } from "../../driver.ts";
import { createLogReads } from "./log-reads.ts";
import { createLogThread } from "./log-thread.ts";

/** The maximum number of logs in a transaction, while which a list waits. */
const MAX_BATCH = 250;

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
export function openLogs(path: string, { mode, logs, isOwnThread }: OpenOptions): OpenLogs {
  const thread = (isOwnThread ? createLogReads : createLogThread)({ path, mode, lockTimeoutMs: 0 });
  const withoutMonths = { removesMonths: false, hasPlaceFor: async () => true, makePlacesFor: async () => undefined };
  const backend = { ...thread, ...withoutMonths };
  return {
    // A file has one writer at a time: all of them add to the same sums.
    logs: createBatchLogStore(backend, { ...logs, lanes: 1, maxBatch: MAX_BATCH, parts: 1 }),
    withLogTables: (copier) => ({
      ...copier,
      count: (table) => (logTables.has(table.name) ? thread : copier).count(table),
      insert: (table, rows) => (logTables.has(table.name) ? thread : copier).insert(table, rows),
    }),
    close: thread.close,
  };
}
