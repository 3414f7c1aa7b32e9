import { accountId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import {
  balanceOn,
  consuming,
  decided,
  firstGrantOf,
  granting,
  look,
  newAccount,
  nothing,
  perform,
  performTogether,
} from "./commands.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Transactions of the ledger: the same on every database. */
export function describeLedgerStore(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;

  describe("a commit", () => {
    test("a commit is kept after the database was closed and opened again", async () => {
      const account = newAccount();
      const first = await openDatabase(here.url);
      await perform(first.ledger, granting(account, 100));
      const spent = await perform(first.ledger, consuming(account, 30, "order-1"));
      await first.close();
      const second = await openDatabase(here.url);
      expect(await balanceOn(second.ledger, account)).toEqual({ balance: 70, held: 0 });
      const retried = await perform(second.ledger, consuming(account, 30, "order-1"));
      expect(retried).toEqual({ ok: true, value: { ...(spent.ok && spent.value), replayed: true } });
      await second.close();
    });

    test("a commit whose decision throws writes nothing and keeps no lock", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 100));
      const thrown = new Error("a bug");
      const failing = store().commit({ accountIds: [account], keys: [], holds: [], charges: [] }, () => {
        throw thrown;
      });
      await expect(failing).rejects.toBe(thrown);
      expect(await perform(store(), consuming(account, 100))).toMatchObject({ ok: true });
    });

    test("a commit writes nothing when the database refuses its last row", async () => {
      const [opened, known] = [newAccount(), newAccount()];
      await perform(store(), granting(known, 100));
      const { accountsOpened, grantsAdded, entries } = firstGrantOf(opened, 50);
      const refused = store().commit(
        { accountIds: [opened, known], keys: [], holds: [], charges: [] },
        ({ accounts }) => {
          const account = accounts.get(known)?.account;
          if (!account) throw new Error("the account is missing");
          const accountsChanged = [{ ...account, sequence: 2 }];
          const twice = [...entries, ...entries];
          return decided({ ...nothing, accountsOpened, accountsChanged, grantsAdded, entries: twice }, 0);
        },
      );
      await expect(refused).rejects.toThrow();
      expect(await balanceOn(store(), opened)).toBeUndefined();
      expect(await journalOf(here.rows, opened)).toEqual([]);
      expect(await here.rows.find("accounts", { id: known })).toMatchObject([{ sequence: 1 }]);
      expect(await here.rows.find("grants", { account_id: opened })).toEqual([]);
    });

    test("a commit writes all of its accounts", async () => {
      const [ann, bob] = [newAccount(), newAccount()];
      await performTogether(store(), [granting(ann, 10), granting(bob, 20)]);
      const answers = await performTogether(store(), [consuming(bob, 5), consuming(ann, 4)]);
      expect(answers).toMatchObject([{ ok: true }, { ok: true }]);
      expect(await balanceOn(store(), ann)).toMatchObject({ balance: 6 });
      expect(await balanceOn(store(), bob)).toMatchObject({ balance: 15 });
    });
  });

  describe("the snapshot of a decision", () => {
    test("the snapshot omits an account that was never opened", async () => {
      expect((await look(store(), newAccount())).accounts.size).toBe(0);
    });

    test("the snapshot has the account with its open grants", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 10));
      const second = { ...granting(account, 20), priority: 60 };
      await perform(store(), second);
      await perform(store(), consuming(account, 15));
      expect((await look(store(), account)).accounts.get(account)).toMatchObject({
        account: { id: account, balance: 15, held: 0, sequence: 3 },
        grants: [{ id: second.grantId, accountId: account, source: "admin", amount: 20, remaining: 15, priority: 60 }],
      });
    });

    test("the snapshot has the entries of the named keys and no others", async () => {
      const [account, other] = [newAccount(), newAccount()];
      for (const key of ["k1", "k2"]) await perform(store(), granting(other, 10, key));
      await perform(store(), granting(account, 10, "k1"));
      const done = await perform(store(), consuming(account, 1, "k2"));
      const { executed } = await look(store(), account, { keys: ["k2", "unknown"] });
      expect(executed).toEqual([done.ok && done.value.entry]);
    });

    test("the snapshot has the time of the database", async () => {
      const { nowMs } = await look(store(), newAccount());
      expect(Number.isSafeInteger(nowMs)).toBe(true);
      expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
    });
  });

  test("an account that was never opened has no balance", async () => {
    expect(await balanceOn(store(), accountId("user:missing"))).toBeUndefined();
  });
}
