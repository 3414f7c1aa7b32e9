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

/** What every database must answer when nobody is to be locked. */
export function describeReads(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.url);
  });
  afterAll(() => other?.close());

  describe("accounts are read", () => {
    test("each with the grants that have something left, in spending order, and no other account", async () => {
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
      const { accounts } = await store().readAccounts([poor, ann, accountId("user:nobody"), ann]);
      expect(Object.fromEntries(accounts)).toEqual({
        [ann]: { account: accountRow(ann, { balance: credits(300), nextExpiryMs: 7 }), grants: [first, soon, last] },
        [poor]: { account: accountRow(poor), grants: [] },
      });
    });

    test.each([{ ids: [] }, { ids: [accountId("user:nobody")] }])(
      "with the time of the database, also when there is none of them",
      async ({ ids }) => {
        const { nowMs, accounts } = await store().readAccounts(ids);
        expect(accounts.size).toBe(0);
        expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
      },
    );

    test("as of one moment each, while others write: what can be spent is always what the grants have left", async () => {
      const accounts = [newAccount(), newAccount()];
      for (const account of accounts) await perform(store(), granting(account, 100));
      let isOver = false;
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
        while (!isOver) {
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
      isOver = true;
      await Promise.all(reading);
      expect(reads).toBeGreaterThan(2);
    });
  });

  describe("accounts that are due", () => {
    const due: AccountId[] = [];
    beforeAll(async () => {
      const row = (nextExpiryMs: number | null) => accountRow(newAccount(), { nextExpiryMs });
      const [second, first, third] = [row(2_000), row(1_000), row(Date.now() - 1)];
      due.push(first.id, second.id, third.id);
      const others = [row(null), row(Date.now() + 3_600_000), row(9_000_000_000_000)];
      await write(store(), [], { accountsOpened: [second, ...others, first, third] });
    });
    const found = async (limit: number) => (await store().findExpiredAccounts(limit)).filter((id) => due.includes(id));

    test("are found, the longest due first, and none that is not due or never will be", async () => {
      // What other sentences opened here was due at 7: before all of these.
      const before = (await store().findExpiredAccounts(100)).length - due.length;
      expect(await found(100)).toEqual(due);
      expect(await store().findExpiredAccounts(before + 2)).toHaveLength(before + 2);
      expect(await found(before + 2)).toEqual(due.slice(0, 2));
    });

    test("are not found once they are settled", async () => {
      const [first] = due as [AccountId];
      await write(store(), [first], { accountsChanged: [accountRow(first)] });
      expect(await found(100)).toEqual(due.slice(1));
    });
  });
}
