import { accountId, InvariantError } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown, type WriteSet } from "@jifen/ledger";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { createLedgerStatements } from "./ledger-statements.ts";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";
import { ownTables } from "./table-names.ts";

const account = {
  id: accountId("user:ann"),
  balance: 0 as never,
  held: 0 as never,
  sequence: 0,
  nextExpiryMs: null,
};
const nothing = {
  accountsChanged: [],
  grantsAdded: [],
  grantsChanged: [],
  holdsAdded: [],
  holdsChanged: [],
  ...{ extraRows: [], extraChanges: [] },
};

const byServer = (severity: string, code: string) =>
  Object.assign(new pg.DatabaseError("no", 0, "error"), { severity, code });

type Answers = { readonly write: () => Promise<unknown>; readonly commit: () => Promise<unknown> };

/** A pool whose server answers everything except what commits. */
function poolOf(answers: Answers): pg.Pool {
  const query = async (statement: string | pg.QueryConfig) => {
    if (statement === "COMMIT") return answers.commit();
    const name = typeof statement === "object" ? statement.name : undefined;
    if (name?.startsWith("write")) return answers.write();
    return { rows: name === "now" || name === "accounts-with-grants" ? [{ now_ms: "5", 0: "5" }] : [] };
  };
  return { connect: async () => ({ query, release: () => undefined }) } as unknown as pg.Pool;
}

const commit = (answers: Answers, writes: Partial<WriteSet> = {}) =>
  createPostgresqlLedgerStore({ pool: poolOf(answers), statements: createLedgerStatements(ownTables) }).commit(
    { accountIds: [], keys: [], holds: [], charges: [] },
    () => ({
      writeSet: { ...nothing, accountsOpened: [account], entries: [], ...writes },
      result: "done",
    }),
  );

/** Commits with a single statement. */
const commitAlone = (answer: () => Promise<unknown>) =>
  commit({ write: answer, commit: () => Promise.reject(new Error("there was nothing to COMMIT")) });

/** Commits with COMMIT, after the first write has met a write conflict, so that locks are taken. */
function commitWithLocks(answer: () => Promise<unknown>) {
  let writes = 0;
  const write = async () => {
    writes += 1;
    if (writes === 1) throw byServer("ERROR", "22012");
    return { rows: [] };
  };
  return commit({ write, commit: answer });
}

/** Commits with COMMIT, because there is an extra row. */
const commitWithExtraRow = (answer: () => Promise<unknown>) =>
  commit(
    { write: async () => ({ rows: [] }), commit: answer },
    { extraRows: [{ table: "audit_events", values: { id: "event-1" } }] },
  );

describe.each([
  { of: "the answer to a single statement", commits: commitAlone, done: { rows: [] } },
  { of: "the answer to COMMIT", commits: commitWithLocks, done: { command: "COMMIT" } },
  { of: "the answer to COMMIT behind an extra row", commits: commitWithExtraRow, done: { command: "COMMIT" } },
])("$of", ({ of, commits, done }) => {
  test(`${of} resolves the commit`, async () => {
    expect(await commits(async () => done)).toBe("done");
  });

  test.each([
    { error: new Error("Connection terminated unexpectedly"), says: "never arrived" },
    { error: new Error("Query read timeout"), says: "took too long" },
    { error: byServer("FATAL", "57P01"), says: "came from a server that shuts down" },
    { error: byServer("ERROR", "08006"), says: "is about the connection" },
    { error: byServer("PANIC", "53100"), says: "came from a server that could not write its log" },
    { error: byServer("PANIK", "58030"), says: "came from such a server in another language" },
  ])(`${of} leaves the outcome unknown when it $says`, async ({ error }) => {
    await expect(commits(() => Promise.reject(error))).rejects.toThrow(OutcomeUnknown);
  });

  test(`${of} proves that nothing was written when it refuses a row`, async () => {
    const error = byServer("ERROR", "23514");
    await expect(commits(() => Promise.reject(error))).rejects.toBe(error);
  });

  test(`${of} is retried a few times after a serialization failure`, async () => {
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

test("a COMMIT that is answered with ROLLBACK is never taken for success", async () => {
  await expect(commitWithLocks(async () => ({ command: "ROLLBACK" }))).rejects.toThrow(InvariantError);
});
