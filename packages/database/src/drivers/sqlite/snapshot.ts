import { setImmediate } from "node:timers/promises";
import { Mutex } from "async-mutex";
import { type AsOfOneMoment, until } from "../../stores/audit-reads.ts";
import { type Connection, connectToRead } from "./connection.ts";

/** Reads on a connection of its own, which is opened when it is first wanted. */
export type Reader = { readonly asOfOneMoment: AsOfOneMoment; close(): Promise<void> };

/**
 * A transaction that only reads sees what was committed when it began, and with a write-ahead log nobody waits for it.
 * One at a time: a connection has one transaction.
 */
export function createReader(path: string): Reader {
  const turns = new Mutex();
  let connection: Connection | undefined;

  const asOfOneMoment: AsOfOneMoment = (work) =>
    turns.runExclusive(async () => {
      connection ??= connectToRead(path);
      const reading = connection;
      let isOver = false;
      reading.exec("BEGIN");
      try {
        return await work(
          until(
            () => isOver,
            async <Row>(sql: string, values: readonly (string | number)[]) => {
              // The driver never yields: between two of its answers the rest of the process has its turn.
              await setImmediate();
              return reading.prepare<(string | number)[], Row>(sql).all(...values);
            },
          ),
        );
      } finally {
        isOver = true;
        reading.exec("ROLLBACK");
      }
    });

  return {
    asOfOneMoment,
    close: () =>
      turns.runExclusive(() => {
        connection?.close();
      }),
  };
}
