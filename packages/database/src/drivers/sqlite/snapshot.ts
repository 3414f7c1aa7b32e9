import { setImmediate } from "node:timers/promises";
import { Mutex } from "async-mutex";
import { readUntilClosed, type WithSnapshot } from "../../stores/audit-reads.ts";
import { untilUnlocked, WITHOUT_WAITING } from "./file-access.ts";
import { type Connection, connectReadOnly, connectReadOnlyWithLogs, LOG_FILE } from "./pool.ts";

/** How a reader opens its connection, and how it fixes the snapshot of a transaction that has begun. */
type Source = { open(): Connection; fix(connection: Connection): void };

const databaseFile = (path: string): Source => ({ open: () => connectReadOnly(path), fix: () => undefined });

/**
 * The logs come first: a log names a transaction that was committed before it, so the snapshot of the database file, which
 * is the later one, has the transaction of each log.
 */
const bothFiles = (path: string, logFile: string): Source => ({
  open: () => connectReadOnlyWithLogs(path, logFile),
  fix: (connection) => fixSnapshot(connection, [LOG_FILE, "main"]),
});

/** Fixes what an open transaction sees of each file, in this order, by its first read of it. */
export function fixSnapshot(connection: Connection, files: readonly string[]): void {
  for (const file of files) connection.prepare(`SELECT count(*) FROM ${file}.sqlite_schema`).get();
}

/** Snapshot reads on a connection of their own, which is opened when it is needed. */
export type SnapshotReader = { readonly withSnapshot: WithSnapshot; close(): Promise<void> };

/**
 * A read transaction sees the state at its first read. With a write-ahead log it blocks no writer and no writer blocks it.
 * One transaction at a time, because one connection has one transaction.
 * @param logFile reads the tables of the logs as well, and keeps neither file open between two snapshots
 */
export function createSnapshotReader(path: string, logFile?: string): SnapshotReader {
  const source = logFile === undefined ? databaseFile(path) : bothFiles(path, logFile);
  const mutex = new Mutex();
  let opened: Connection | undefined;
  const close = () => {
    opened?.close();
    opened = undefined;
  };

  const withSnapshot: WithSnapshot = (work) =>
    mutex.runExclusive(async () => {
      opened ??= source.open();
      const connection = opened;
      let isClosed = false;
      connection.pragma(WITHOUT_WAITING);
      connection.exec("BEGIN");
      try {
        await untilUnlocked(() => source.fix(connection));
        return await work(
          readUntilClosed(
            () => isClosed,
            async <Row>(sql: string, values: readonly (string | number)[]) => {
              // The driver is synchronous. Between two reads the event loop can run other work.
              await setImmediate();
              return untilUnlocked(() => connection.prepare<(string | number)[], Row>(sql).all(...values));
            },
          ),
        );
      } finally {
        isClosed = true;
        connection.exec("ROLLBACK");
        if (logFile !== undefined) close();
      }
    });

  return { withSnapshot, close: () => mutex.runExclusive(close) };
}
