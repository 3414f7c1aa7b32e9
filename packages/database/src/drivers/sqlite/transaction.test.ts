import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describe, expect, test } from "vitest";
import type { Connection } from "./pool.ts";
import { inAsyncTransaction, inTransaction } from "./transaction.ts";

/** A connection whose COMMIT fails, which ends its transaction, as SQLite does after an error of the disk. */
function failingAtCommit(code: string) {
  let inTransaction = false;
  return {
    get inTransaction() {
      return inTransaction;
    },
    exec: (sql: string) => {
      inTransaction = sql.startsWith("BEGIN");
      if (sql === "COMMIT") throw Object.assign(new Error("disk I/O error"), { code });
    },
  } as unknown as Connection;
}

describe.each([
  { name: "synchronous", run: async (connection: Connection) => inTransaction(connection, () => 1) },
  { name: "asynchronous", run: (connection: Connection) => inAsyncTransaction(connection, async () => 1) },
])("a $name SQLite transaction whose COMMIT fails", ({ name, run }) => {
  test(`the outcome of a ${name} transaction is unknown when the disk did not confirm it`, async () => {
    await expect(run(failingAtCommit("SQLITE_IOERR_FSYNC"))).rejects.toThrow(OutcomeUnknown);
  });

  test(`a ${name} transaction has no effect when the disk is full`, async () => {
    await expect(run(failingAtCommit("SQLITE_FULL"))).rejects.toThrow(DatabaseUnavailable);
  });
});
