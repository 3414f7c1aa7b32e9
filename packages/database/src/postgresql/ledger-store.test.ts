import { accountId, DatabaseUnavailable, InvariantError, OutcomeUnknown } from "@jifen/ledger";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";

const account = {
  id: accountId("user:ann"),
  balance: 0 as never,
  held: 0 as never,
  sequence: 0,
  nextDueMs: null,
};
const nothing = { accountsChanged: [], grantsAdded: [], grantsChanged: [], holdsAdded: [], holdsChanged: [] };

const byServer = (severity: string, code: string) =>
  Object.assign(new pg.DatabaseError("no", 0, "error"), { severity, code });

/** A pool whose server answers everything but COMMIT. */
function poolOf(answerToCommit: () => Promise<unknown>): pg.Pool {
  const query = async (asked: string | pg.QueryConfig) => {
    if (asked === "COMMIT") return answerToCommit();
    return { rows: [{ now_ms: "5" }].slice(typeof asked === "object" && asked.name === "now" ? 0 : 1) };
  };
  return { connect: async () => ({ query, release: () => undefined }) } as unknown as pg.Pool;
}

describe("an answer to COMMIT", () => {
  const commit = (answer: () => Promise<unknown>) =>
    createPostgresqlLedgerStore(poolOf(answer)).commit({ accountIds: [], keys: [], holds: [], charges: [] }, () => ({
      changes: { ...nothing, accountsOpened: [account], transactions: [] },
      result: "done",
    }));

  test("that says COMMIT is the end of it", async () => {
    expect(await commit(async () => ({ command: "COMMIT" }))).toBe("done");
  });

  test("that says ROLLBACK is never taken for success", async () => {
    await expect(commit(async () => ({ command: "ROLLBACK" }))).rejects.toThrow(InvariantError);
  });

  test.each([
    { error: new Error("Connection terminated unexpectedly"), says: "that never came" },
    { error: new Error("Query read timeout"), says: "that took too long" },
    { error: byServer("FATAL", "57P01"), says: "by a server that goes away" },
    { error: byServer("ERROR", "08006"), says: "about the connection" },
    { error: byServer("PANIC", "53100"), says: "by a server that could not write its log: it may have written enough" },
    { error: byServer("PANIK", "58030"), says: "the same in another language" },
  ])("$says leaves the outcome unknown", async ({ error }) => {
    await expect(commit(() => Promise.reject(error))).rejects.toThrow(OutcomeUnknown);
  });

  test("that refuses it for a row's sake is passed on: nothing was done", async () => {
    const error = byServer("ERROR", "23514");
    await expect(commit(() => Promise.reject(error))).rejects.toBe(error);
  });

  test("that asks for another try gets it, a few times", async () => {
    let tries = 0;
    const answer = async () => {
      tries += 1;
      throw byServer("ERROR", "40001");
    };
    await expect(commit(answer)).rejects.toThrow(DatabaseUnavailable);
    // Once on what was read ahead, five times with locks.
    expect(tries).toBe(6);
  });
});
