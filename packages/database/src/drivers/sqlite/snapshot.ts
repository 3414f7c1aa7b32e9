import { setImmediate } from "node:timers/promises";
import { Mutex } from "async-mutex";
import { readUntilClosed, type WithSnapshot } from "../../stores/audit-reads.ts";
import { untilUnlocked, WITHOUT_WAITING } from "./file-access.ts";
import { type Connection, connectReadOnly } from "./pool.ts";

function openReader(path: string): Connection {
  const connection = connectReadOnly(path);
  connection.pragma(WITHOUT_WAITING);
  return connection;
}

/** Snapshot reads on a connection of their own, which is opened at the first read. */
export type SnapshotReader = { readonly withSnapshot: WithSnapshot; close(): Promise<void> };

/**
 * A read transaction sees the state at its first read. With a write-ahead log it blocks no writer and no writer blocks it.
 * One transaction at a time, because one connection has one transaction.
 */
export function createSnapshotReader(path: string): SnapshotReader {
  const mutex = new Mutex();
  let opened: Connection | undefined;

  const withSnapshot: WithSnapshot = (work) =>
    mutex.runExclusive(async () => {
      opened ??= openReader(path);
      const connection = opened;
      let isClosed = false;
      connection.exec("BEGIN");
      try {
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
      }
    });

  return {
    withSnapshot,
    close: () =>
      mutex.runExclusive(() => {
        opened?.close();
      }),
  };
}
