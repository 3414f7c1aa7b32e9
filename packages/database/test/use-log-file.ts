import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable } from "@jifen/ledger";
import { type FreshDatabase, freshDatabase } from "@jifen/testkit";
import { afterEach, beforeEach, expect } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { logFileOf } from "./raw-sql.ts";
import { newLog, newUserId, storedLog } from "./samples.ts";

/** An SQLite database for each test of the surrounding `describe`, and the file of its logs. */
export class LogFileFixture {
  database!: Database;
  url = "";
  path = "";

  /** Spends credits until `isDone`. @returns the milliseconds of each */
  async spendUntil(isDone: () => boolean): Promise<readonly number[]> {
    const ledger = ledgerOn(this.database);
    const account = accountOf(newUserId());
    await fund(ledger, account, 100_000);
    const durations: number[] = [];
    do {
      const startedAt = performance.now();
      expect(await spend(ledger, { account, key: randomUUID(), amount: 1 })).toMatchObject({ ok: true });
      durations.push(performance.now() - startedAt);
      await sleep(5);
    } while (!isDone());
    return durations;
  }

  spendOnce(): Promise<readonly number[]> {
    return this.spendUntil(() => true);
  }

  /** Logs are refused, and credits are spent. */
  async expectUnavailable(): Promise<void> {
    await expect(this.database.logs.write([newLog()])).rejects.toThrow(DatabaseUnavailable);
    await this.spendOnce();
  }

  /** Writes a log and finds it, which is how logs are when nothing is wrong. */
  async expectUsable(): Promise<void> {
    const { logs } = this.database;
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    expect(await logs.write([log])).toEqual([storedLog(log)]);
    expect((await logs.list({ userId: log.userId }, 10)).logs).toEqual([storedLog(log)]);
  }

  /** Closes the database, changes the file of the logs, and opens the database again. */
  async reopenAfter(change: () => void): Promise<void> {
    await this.database.close();
    change();
    this.database = await openDatabase(this.url);
  }
}

/** The fixture of the surrounding `describe`. */
export function useLogFile(): LogFileFixture {
  const here = new LogFileFixture();
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await freshDatabase("sqlite");
    here.url = fresh.url;
    here.path = logFileOf(fresh.url.slice("file:".length));
    here.database = await openDatabase(fresh.url);
  });
  afterEach(async () => {
    await here.database.close();
    await fresh.drop();
  });
  return here;
}
