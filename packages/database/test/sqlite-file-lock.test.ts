import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable } from "@jifen/ledger";
import Driver from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { longestBlock } from "./longest-block.ts";
import { newLog, newUserId, storedLog } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

describe("an SQLite file that another program keeps locked", () => {
  const here = useDatabase("sqlite");
  let other: Driver.Database;
  beforeEach(() => {
    other = new Driver(here.url.replace("file:", ""));
  });
  afterEach(() => {
    other.close();
  });

  test.each(["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN; UPDATE accounts SET held = held"])(
    "after %s elsewhere, every write but that of a log ends without effect, and none blocks the event loop",
    async (lock) => {
      const ledger = ledgerOn(here.database);
      const account = accountOf(newUserId());
      await fund(ledger, account, 10);
      const key = randomUUID();
      other.exec(lock);
      const writes = [
        spend(ledger, { account, key, amount: 1 }),
        here.database.counters.add(key, { nowMs: 1, expiresAtMs: 2 }),
        here.database.leases.acquire({ name: key, holder: "a", nowMs: 1, untilMs: 2 }),
      ];
      const outcomes = Promise.allSettled(writes);
      const log = newLog();
      expect(await here.database.logs.write([log])).toEqual([storedLog(log)]);
      expect(await longestBlock(outcomes)).toBeLessThan(4_000);
      for (const outcome of await outcomes) {
        expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(DatabaseUnavailable) });
      }
      other.exec("ROLLBACK");
      expect((await journalOf(here.rows, account)).map(({ kind }) => kind)).toEqual(["grant"]);
      expect(await spend(ledger, { account, key, amount: 1 })).toMatchObject({ ok: true, value: { replayed: false } });
    },
  );

  test("reads are answered while a write waits for the lock", async () => {
    const ledger = ledgerOn(here.database);
    const account = accountOf(newUserId());
    await fund(ledger, account, 10);
    other.exec("BEGIN IMMEDIATE");
    const waiting = spend(ledger, { account, key: randomUUID(), amount: 1 });
    let isSpent = false;
    void waiting.then(() => (isSpent = true));
    await sleep(50);
    expect(await ledger.balance(account)).toMatchObject({ balance: 10 });
    expect(await here.database.users.find(newUserId())).toBeUndefined();
    expect(isSpent).toBe(false);
    other.exec("COMMIT");
    expect(await waiting).toMatchObject({ ok: true });
  });

  test("writers that wait for the lock go on in the order of their calls", async () => {
    const ledger = ledgerOn(here.database);
    const account = accountOf(newUserId());
    await fund(ledger, account, 100);
    other.exec("BEGIN IMMEDIATE");
    const order: string[] = [];
    const call = async (name: string, work: () => Promise<unknown>) => {
      await work();
      order.push(name);
    };
    const writers: Promise<void>[] = [];
    for (const round of [1, 2, 3]) {
      writers.push(call(`spend ${round}`, () => spend(ledger, { account, key: randomUUID(), amount: 1 })));
      await sleep(20);
      const counted = { nowMs: 1, expiresAtMs: 2 };
      writers.push(call(`count ${round}`, () => here.database.counters.add(randomUUID(), counted)));
      await sleep(20);
    }
    other.exec("COMMIT");
    await Promise.all(writers);
    // The spends that arrive while the first one waits share its successor.
    expect(order.indexOf("spend 1")).toBeLessThan(order.indexOf("count 1"));
    expect(order.indexOf("count 1")).toBeLessThan(order.indexOf("count 2"));
    expect(order.indexOf("count 2")).toBeLessThan(order.indexOf("count 3"));
  });

  test("a long read elsewhere that holds up a checkpoint delays no write", async () => {
    const ledger = ledgerOn(here.database);
    const account = accountOf(newUserId());
    await fund(ledger, account, 10_000);
    other.exec("BEGIN");
    other.prepare("SELECT count(*) FROM accounts").get();
    const startedAt = performance.now();
    for (let n = 0; n < 50; n += 1) await spend(ledger, { account, key: randomUUID(), amount: 1 });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    const checkpoint = new Driver(here.url.replace("file:", ""), { timeout: 50 });
    checkpoint.pragma("wal_checkpoint(TRUNCATE)");
    checkpoint.close();
    other.exec("COMMIT");
    expect(await ledger.balance(account)).toMatchObject({ balance: 9_950 });
  });
});
