import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";
import { describeOn, type FaultProxy, openFaultProxy, promise } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { granting, newAccount, perform } from "./commands.ts";
import { asks } from "./every-query.ts";
import { newLog, newUserId } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** Statements of another session that block the tables, release them and end the connections of Jifen. */
const statements = {
  postgresql: {
    lock: [
      "BEGIN",
      "LOCK TABLE accounts, holds, transactions, users, call_logs, audit_runs, job_leases IN ACCESS EXCLUSIVE MODE",
    ],
    unlock: "ROLLBACK",
    connections:
      "SELECT pid AS id FROM pg_stat_activity WHERE application_name = 'jifen' AND datname = current_database()",
    kill: (id: unknown) => `SELECT pg_terminate_backend(${id})`,
  },
  mysql: {
    lock: [
      `LOCK TABLES ${["accounts", "holds", "transactions", "users", "call_logs", "audit_runs", "job_leases"].map((name) => `${name} WRITE`).join(", ")}`,
    ],
    unlock: "UNLOCK TABLES",
    connections: "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
    kill: (id: unknown) => `KILL ${id}`,
  },
};

describe.each(["postgresql", "mysql"] as const)("an unavailable %s", (kind) => {
  describeOn(kind)("", promise("database-unavailable", kind), () => describeGone(kind));
});

function describeGone(kind: keyof typeof statements): void {
  const here = useDatabase(kind);

  describe.each(["127.0.0.1", "localhost"])("that refuses connections at %s", (host) => {
    let proxy: FaultProxy;
    let database: Database;
    beforeEach(async () => {
      proxy = await openFaultProxy(here.url);
      database = await openDatabase(proxy.url.replace("127.0.0.1", host));
      await database.ping();
      await proxy.refuseConnections();
      // The pool notices the end of its idle connections a little later.
      await sleep(50);
    });
    afterEach(async () => {
      await database.close();
      await proxy[Symbol.asyncDispose]();
    });

    test.each(asks)("$says is reported as no effect while the server is gone", async ({ ask }) => {
      await expect(ask(database)).rejects.toThrow(DatabaseUnavailable);
    });

    test("every call works again when the server is back, without opening the database again", async () => {
      await expect(database.ping()).rejects.toThrow(DatabaseUnavailable);
      await proxy.restore();
      for (const { says, ask } of asks) {
        await expect(ask(database), says).resolves.not.toThrow();
      }
    });

    test("opening the database reports DatabaseUnavailable while the server is gone", async () => {
      await expect(openDatabase(proxy.url)).rejects.toThrow(DatabaseUnavailable);
    });
  });

  test.concurrent("every call to a server that accepts connections and never answers has a timeout and no effect", async () => {
    await using proxy = await openFaultProxy(here.url);
    const database = await openDatabase(proxy.url);
    proxy.dropTraffic();
    const answers = await Promise.allSettled(asks.map(({ ask }) => ask(database)));
    await proxy.restore();
    await database.close();
    for (const answer of answers) expect(answer).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
  });

  test.concurrent("every call to a server that stops responding has a timeout", async () => {
    await using proxy = await openFaultProxy(here.url);
    const database = await openDatabase(proxy.url);
    await Promise.all(Array.from({ length: 3 }, () => database.users.find(newUserId())));
    proxy.dropTraffic();
    const [commit, log, find] = await Promise.allSettled([
      perform(database.ledger, granting(newAccount(), 1)),
      database.logs.write([newLog()]),
      database.users.find(newUserId()),
    ]);
    await proxy.restore();
    await database.close();
    expect(commit).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
    // What was in flight is the claim of a key, or an insert, and no COMMIT.
    expect(log).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
    expect(find).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
  });

  test("a statement that waits too long for a lock has no effect", async () => {
    for (const sql of statements[kind].lock) await here.sql.query(sql);
    const answers = await Promise.allSettled(
      asks.filter(({ says }) => says !== "a ping").map(({ ask }) => ask(here.database)),
    );
    await here.sql.query(statements[kind].unlock);
    for (const answer of answers) expect(answer).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
  });

  test("calls use new connections after the server has ended the old ones", async () => {
    await here.database.ping();
    const connections = await here.sql.query(statements[kind].connections);
    for (const { id } of connections) await here.sql.query(statements[kind].kill(id));
    // The pools notice it a little later.
    await sleep(500);
    await expect(here.database.ping()).resolves.toBeUndefined();
    expect(await perform(here.database.ledger, granting(newAccount(), 1))).toMatchObject({ ok: true });
  });
}
