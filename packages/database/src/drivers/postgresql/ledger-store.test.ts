import { accountId, InvariantError } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";

const account = {
  id: accountId("user:ann"),
  balance: 0 as never,
  held: 0 as never,
  sequence: 0,
  nextExpiryMs: null,
};
const nothing = { accountsChanged: [], grantsAdded: [], grantsChanged: [], holdsAdded: [], holdsChanged: [] };

const byServer = (severity: string, code: string) =>
  Object.assign(new pg.DatabaseError("no", 0, "error"), { severity, code });

type Answers = { readonly write: () => Promise<unknown>; readonly commit: () => Promise<unknown> };

/** A pool whose server answers everything but what commits. */
function poolOf(answers: Answers): pg.Pool {
  const query = async (asked: string | pg.QueryConfig) => {
    if (asked === "COMMIT") return answers.commit();
    const name = typeof asked === "object" ? asked.name : undefined;
    if (name?.startsWith("write")) return answers.write();
    return { rows: name === "now" || name === "accounts-with-grants" ? [{ now_ms: "5", 0: "5" }] : [] };
  };
  return { connect: async () => ({ query, release: () => undefined }) } as unknown as pg.Pool;
}

const commit = (answers: Answers) =>
  createPostgresqlLedgerStore(poolOf(answers)).commit({ accountIds: [], keys: [], holds: [], charges: [] }, () => ({
    writeSet: { ...nothing, accountsOpened: [account], entries: [], extraRows: [], extraChanges: [] },
    result: "done",
    after: new Map(),
    isVerifiedByWrite: true,
  }));

/** The answer to a write that commits by itself. */
const alone = (answer: () => Promise<unknown>) =>
  commit({ write: answer, commit: () => Promise.reject(new Error("there was nothing to COMMIT")) });

/** The answer to COMMIT: the first write finds that somebody was faster, so that locks are taken. */
function afterLocks(answer: () => Promise<unknown>) {
  let writes = 0;
  const write = async () => {
    writes += 1;
    if (writes === 1) throw byServer("ERROR", "22012");
    return { rows: [{ now_ms: "6" }] };
  };
  return commit({ write, commit: answer });
}

describe.each([
  { of: "an answer to a write that commits by itself", commits: alone, done: { rows: [{ now_ms: "6" }] } },
  { of: "an answer to COMMIT", commits: afterLocks, done: { command: "COMMIT" } },
])("$of", ({ commits, done }) => {
  test("that says that it is done is the end of it", async () => {
    expect(await commits(async () => done)).toBe("done");
  });

  test.each([
    { error: new Error("Connection terminated unexpectedly"), says: "that never came" },
    { error: new Error("Query read timeout"), says: "that took too long" },
    { error: byServer("FATAL", "57P01"), says: "by a server that goes away" },
    { error: byServer("ERROR", "08006"), says: "about the connection" },
    { error: byServer("PANIC", "53100"), says: "by a server that could not write its log: it may have written enough" },
    { error: byServer("PANIK", "58030"), says: "the same in another language" },
  ])("$says leaves the outcome unknown", async ({ error }) => {
    await expect(commits(() => Promise.reject(error))).rejects.toThrow(OutcomeUnknown);
  });

  test("that refuses it for a row's sake is passed on: nothing was done", async () => {
    const error = byServer("ERROR", "23514");
    await expect(commits(() => Promise.reject(error))).rejects.toBe(error);
  });

  test("that asks for another try gets it, a few times", async () => {
    let tries = 0;
    const answer = async () => {
      tries += 1;
      throw byServer("ERROR", "40001");
    };
    await expect(commits(answer)).rejects.toThrow();
    await expect(commit({ write: answer, commit: answer })).rejects.toThrow(DatabaseUnavailable);
    expect(tries).toBeGreaterThan(5);
  });
});

test("an answer to COMMIT that says ROLLBACK is never taken for success", async () => {
  await expect(afterLocks(async () => ({ command: "ROLLBACK" }))).rejects.toThrow(InvariantError);
});
