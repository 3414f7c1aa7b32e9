import { setImmediate } from "node:timers/promises";
import { type AccountId, accountId, credits } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import {
  capturing,
  consuming,
  done,
  granting,
  holding,
  newAccount,
  perform,
  performTogether,
  placed,
  releasing,
  write,
} from "./commands.ts";
import { accountRow, grantRow, holdRow } from "./rows.ts";
import { useDatabase } from "./use-database.ts";

/** Reads without locks: the same on every database. */
export function describeReads(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.url);
  });
  afterAll(() => other?.close());

  describe("readAccounts", () => {
    test("readAccounts returns the named accounts, each with its open grants in spending order", async () => {
      const [ann, bob, poor] = [newAccount(), newAccount(), newAccount()];
      const closed = grantRow(ann, { remaining: credits(0) });
      const [last, first] = [grantRow(ann, { priority: 90 }), grantRow(ann, { priority: 10 })];
      const soon = grantRow(ann, { priority: 90, expiresAtMs: 9_000_000_000_000 });
      await write(store(), [], {
        accountsOpened: [
          accountRow(ann, { balance: credits(300), nextExpiryMs: 7 }),
          accountRow(bob),
          accountRow(poor),
        ],
        grantsAdded: [closed, last, first, soon, grantRow(bob)],
        holdsAdded: [holdRow(ann)],
      });
      const { accounts } = await store().readAccounts([poor, ann, accountId("user:missing"), ann]);
      expect(Object.fromEntries(accounts)).toEqual({
        [ann]: { account: accountRow(ann, { balance: credits(300), nextExpiryMs: 7 }), grants: [first, soon, last] },
        [poor]: { account: accountRow(poor), grants: [] },
      });
    });

    test.each([{ ids: [] }, { ids: [accountId("user:missing")] }])(
      "readAccounts returns the time of the database also for unknown accounts",
      async ({ ids }) => {
        const { nowMs, accounts } = await store().readAccounts(ids);
        expect(accounts.size).toBe(0);
        expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
      },
    );

    test("readAccounts sees one state of each account during concurrent writes: the balance is the sum of its grants", async () => {
      const accounts = [newAccount(), newAccount()];
      for (const account of accounts) await perform(store(), granting(account, 100));
      let isDone = false;
      const writing = accounts.map(async (account) => {
        for (let n = 0; n < 25; n += 1) {
          await performTogether(store(), [granting(account, 3), consuming(account, 5)]);
          const hold = await placed(store(), holding(account, 7));
          const resolve = n % 2 === 0 ? releasing(account, hold.id) : capturing(account, hold.id, 1);
          done(await perform(store(), resolve));
          await setImmediate();
        }
      });
      let reads = 0;
      const reading = [other, here.database].map(async ({ ledger }) => {
        while (!isDone) {
          const read = await ledger.readAccounts(accounts);
          expect(read.accounts.size).toBe(2);
          for (const { account, grants } of read.accounts.values()) {
            expect(grants.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(account.balance);
          }
          reads += 1;
          await setImmediate();
        }
      });
      await Promise.all(writing);
      isDone = true;
      await Promise.all(reading);
      expect(reads).toBeGreaterThan(2);
    });
  });

  describe("findExpiredAccounts", () => {
    const expired: AccountId[] = [];
    beforeAll(async () => {
      const row = (nextExpiryMs: number | null) => accountRow(newAccount(), { nextExpiryMs });
      const [second, first, third] = [row(2_000), row(1_000), row(Date.now() - 1)];
      expired.push(first.id, second.id, third.id);
      const others = [row(null), row(Date.now() + 3_600_000), row(9_000_000_000_000)];
      await write(store(), [], { accountsOpened: [second, ...others, first, third] });
    });
    const found = async (limit: number) =>
      (await store().findExpiredAccounts(limit)).filter((id) => expired.includes(id));

    test("findExpiredAccounts returns the earliest expiry first, and no account that has not expired or never does", async () => {
      // The accounts of the tests above expired at 7, before all of these.
      const before = (await store().findExpiredAccounts(100)).length - expired.length;
      expect(await found(100)).toEqual(expired);
      expect(await store().findExpiredAccounts(before + 2)).toHaveLength(before + 2);
      expect(await found(before + 2)).toEqual(expired.slice(0, 2));
    });

    test("findExpiredAccounts omits an account after its expirations were processed", async () => {
      const [first] = expired as [AccountId];
      await write(store(), [first], { accountsChanged: [accountRow(first)] });
      expect(await found(100)).toEqual(expired.slice(1));
    });
  });
}
