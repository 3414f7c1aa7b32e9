import type { DatabaseKind, RawRows, Row } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { consuming, granting, holding, newAccount, perform, placed } from "./commands.ts";
import { useDatabase } from "./use-database.ts";

/** The constraints of the tables, which hold for every client of the database. */
export function describeGuardRails(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const account = newAccount();
  beforeAll(async () => {
    await perform(here.database.ledger, granting(account, 100, "first"));
    await perform(here.database.ledger, consuming(account, 30));
    await placed(here.database.ledger, holding(account, 10));
  });
  /** Inserts a valid entry with the columns of `is`. */
  const line = (is: Row) => {
    const what = { kind: "consume", amount: 5, action: "video", debit: "a", credit: "b", shares: "[]" };
    const after = { balance_after: 55, held_after: 10, lapsed: 0, created_at_ms: 1 };
    const row = { account_id: account, sequence: 4, id: "txn-4", ...what, ...after, ...is };
    return (rows: RawRows) => rows.insert("transactions", row);
  };
  /** Inserts a valid hold with the columns of `is`. */
  const hold = (is: Row) => {
    const numbers = { amount: 10, state: "pending", captured: 0, released: 0, expired: 0 };
    const what = { placed_by: "user", action: "render", shares: "[]", expires_at_ms: 1, created_at_ms: 1 };
    const row = { account_id: account, id: "hold-2", ...numbers, ...what, ...is };
    return (rows: RawRows) => rows.insert("holds", row);
  };
  const set = (table: string, is: Row, where?: Row) => (rows: RawRows) => rows.update(table, is, where);
  const remove = (table: string, where?: Row) => (rows: RawRows) => rows.remove(table, where);
  const everything = async () => ({
    accounts: await here.rows.find("accounts"),
    grants: await here.rows.find("grants"),
    holds: await here.rows.find("holds"),
    entries: await here.rows.find("transactions", {}, "sequence"),
  });
  // MongoDB has no triggers and no computed columns. There the code guarantees this: see mongodb-idempotency.test.ts.
  const describeWithTriggers = describe.skipIf(kind === "mongodb");

  const truncate = (table: string) => () => here.sql.query(`TRUNCATE ${table}`);

  describeWithTriggers("entries are immutable", () => {
    test.each([
      { write: set("transactions", { amount: 1 }), says: "updating an amount" },
      { write: set("transactions", { action: "other" }, { sequence: 1 }), says: "updating an action" },
      { write: remove("transactions"), says: "deleting all entries" },
      { write: remove("transactions", { sequence: 3 }), says: "deleting the last entry" },
      ...(kind === "postgresql" ? [{ write: truncate("transactions"), says: "truncating the table" }] : []),
    ])("an entry refuses $says", async ({ write }) => {
      const before = await everything();
      await expect(write(here.rows)).rejects.toThrow(/never updated|never deleted/);
      expect(await everything()).toEqual(before);
    });
  });

  describeWithTriggers("accounts are permanent", () => {
    test.each([
      { write: remove("accounts"), says: "deleting all accounts" },
      { write: remove("accounts", { id: account }), says: "deleting one account" },
      ...(kind === "postgresql" ? [{ write: truncate("accounts"), says: "truncating the table" }] : []),
    ])("an account refuses $says", async ({ write }) => {
      const before = await everything();
      await expect(write(here.rows)).rejects.toThrow(/accounts are never deleted/);
      expect(await everything()).toEqual(before);
    });
  });

  describeWithTriggers("the computed column is_open", () => {
    test.each([
      { remaining: 0, open: false },
      { remaining: 1, open: true },
      { remaining: 100, open: true },
    ])("a grant with $remaining remaining credits has is_open = $open", async ({ remaining, open }) => {
      await here.sql.query(`UPDATE grants SET remaining = ${remaining}`);
      const [row] = await here.sql.query("SELECT is_open FROM grants");
      expect(Boolean(row?.["is_open"])).toBe(open);
    });

    test("the computed column is_open cannot be written", async () => {
      await expect(here.sql.query("UPDATE grants SET is_open = NOT is_open")).rejects.toThrow(/is_open/);
    });
  });

  describe("check constraints", () => {
    test.each([
      { write: set("accounts", { balance: -1 }), says: "a balance below zero" },
      { write: set("accounts", { held: -1 }), says: "held below zero" },
      { write: set("accounts", { sequence: -1 }), says: "a negative sequence" },
      { write: set("accounts", { balance: null }), says: "a balance of null" },
      { write: set("accounts", { balance: "many" }), says: "a balance that is a text" },
      { write: set("grants", { remaining: -1 }), says: "negative remaining credits of a grant" },
      { write: set("grants", { remaining: 101 }), says: "more remaining credits than the grant has" },
      { write: set("grants", { amount: 0, remaining: 0 }), says: "a grant of zero credits" },
      { write: set("holds", { captured: 1 }), says: "a pending hold with captured credits" },
      {
        write: set("holds", { state: "captured", captured: 4, released: 5 }),
        says: "a resolved hold whose parts sum to less than its amount",
      },
      { write: set("holds", { state: "captured", captured: 11 }), says: "a hold that captured more than its amount" },
      {
        write: set("holds", { state: "released" }),
        says: "a resolved hold without captured, released or expired credits",
      },
      {
        write: set("holds", { state: "captured", captured: 20, expired: -10 }),
        says: "negative expired credits of a hold",
      },
      {
        write: set("holds", { state: "captured", captured: -1, released: 11 }),
        says: "negative captured credits of a hold",
      },
      {
        write: set("holds", { state: "captured", captured: 11, released: -1 }),
        says: "negative released credits of a hold",
      },
      { write: hold({ amount: 0 }), says: "a hold of zero credits" },
      { write: hold({ amount: "many" }), says: "a hold with a text as amount" },
      { write: hold({ expires_at_ms: null }), says: "a hold without an expiry" },
      { write: line({ amount: 0 }), says: "an entry of zero credits" },
      { write: line({ amount: 0, kind: "hold" }), says: "a hold entry of zero credits" },
      { write: line({ amount: -5 }), says: "an entry with a negative amount" },
      { write: line({ amount: -5, kind: "extend" }), says: "an extend entry with a negative amount" },
      { write: line({ credit: "a" }), says: "an entry that debits and credits the same account" },
      { write: line({ balance_after: -5 }), says: "an entry with a negative balance_after" },
      { write: line({ held_after: -5 }), says: "an entry with a negative held_after" },
      { write: line({ lapsed: -1 }), says: "an entry with a negative lapsed column" },
      { write: line({ lapsed: 56 }), says: "an entry whose lapsed column exceeds its amount" },
      { write: line({ sequence: 0 }), says: "an entry with sequence 0" },
      { write: line({ sequence: 2 }), says: "two entries with one sequence" },
      { write: line({ idempotency_key: "caller:first" }), says: "two entries with one key" },
    ])("the constraints refuse $says", async ({ write }) => {
      const before = await everything();
      await expect(write(here.rows)).rejects.toThrow();
      expect(await everything()).toEqual(before);
    });

    test("the constraints accept valid rows", async () => {
      const right = [
        line({}),
        line({ sequence: 5, id: "txn-5" }),
        line({ sequence: 6, id: "txn-6", kind: "extend", amount: 0, lapsed: 55 }),
        line({ sequence: 7, idempotency_key: "caller:First" }),
        line({ account_id: "user:elsewhere", idempotency_key: "caller:first" }),
        hold({}),
        set("holds", { state: "captured", captured: 4, released: 5, expired: 1 }),
      ];
      for (const write of right) await write(here.rows);
    });
  });
}
