import type { DatabaseKind, RawRows, Row } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { consuming, granting, holding, newAccount, perform, placed } from "./commands.ts";
import { useDatabase } from "./use-database.ts";

/** What the tables themselves refuse, whoever writes to them. */
export function describeGuardRails(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const account = newAccount();
  beforeAll(async () => {
    await perform(here.database.ledger, granting(account, 100, "first"));
    await perform(here.database.ledger, consuming(account, 30));
    await placed(here.database.ledger, holding(account, 10));
  });
  /** A right line, but for what stands in `is`. */
  const line = (is: Row) => {
    const what = { kind: "consume", amount: 5, action: "video", debit: "a", credit: "b", shares: "[]" };
    const after = { balance_after: 55, held_after: 10, lapsed: 0, created_at_ms: 1 };
    const row = { account_id: account, sequence: 4, id: "txn-4", ...what, ...after, ...is };
    return (rows: RawRows) => rows.insert("transactions", row);
  };
  /** A right hold, but for what stands in `is`. */
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
  // MongoDB has no triggers and no computed columns: there it is the code that keeps to this, see written-once.test.ts.
  const describeWithTriggers = describe.skipIf(kind === "mongodb");

  const truncate = (table: string) => () => here.sql.query(`TRUNCATE ${table}`);

  describeWithTriggers("a line of the journal is never changed", () => {
    test.each([
      { write: set("transactions", { amount: 1 }), says: "not its amount" },
      { write: set("transactions", { action: "other" }, { sequence: 1 }), says: "not its words" },
      { write: remove("transactions"), says: "nor deleted" },
      { write: remove("transactions", { sequence: 3 }), says: "not even the last one" },
      ...(kind === "postgresql" ? [{ write: truncate("transactions"), says: "nor emptied" }] : []),
    ])("$says", async ({ write }) => {
      const before = await everything();
      await expect(write(here.rows)).rejects.toThrow(/never updated|never deleted/);
      expect(await everything()).toEqual(before);
    });
  });

  describeWithTriggers("an account is never deleted", () => {
    test.each([
      { write: remove("accounts"), says: "with all others" },
      { write: remove("accounts", { id: account }), says: "alone" },
      ...(kind === "postgresql" ? [{ write: truncate("accounts"), says: "with the whole table" }] : []),
    ])("$says", async ({ write }) => {
      const before = await everything();
      await expect(write(here.rows)).rejects.toThrow(/accounts are never deleted/);
      expect(await everything()).toEqual(before);
    });
  });

  describeWithTriggers("a grant is open exactly while something is left of it", () => {
    test.each([
      { remaining: 0, open: false },
      { remaining: 1, open: true },
      { remaining: 100, open: true },
    ])("$remaining left", async ({ remaining, open }) => {
      await here.sql.query(`UPDATE grants SET remaining = ${remaining}`);
      const [row] = await here.sql.query("SELECT is_open FROM grants");
      expect(Boolean(row?.["is_open"])).toBe(open);
    });

    test("and nobody may say otherwise", async () => {
      await expect(here.sql.query("UPDATE grants SET is_open = NOT is_open")).rejects.toThrow(/is_open/);
    });
  });

  describe("a wrong book cannot be written", () => {
    test.each([
      { write: set("accounts", { balance: -1 }), says: "a balance below zero" },
      { write: set("accounts", { held: -1 }), says: "held below zero" },
      { write: set("accounts", { sequence: -1 }), says: "a number below zero" },
      { write: set("accounts", { balance: null }), says: "no balance" },
      { write: set("accounts", { balance: "many" }), says: "a balance in words" },
      { write: set("grants", { remaining: -1 }), says: "less than nothing left in a grant" },
      { write: set("grants", { remaining: 101 }), says: "more left in a grant than was given" },
      { write: set("grants", { amount: 0, remaining: 0 }), says: "a grant of nothing" },
      { write: set("holds", { captured: 1 }), says: "a pending hold of which a part is charged" },
      { write: set("holds", { state: "captured", captured: 4, released: 5 }), says: "a hold that lost a credit" },
      { write: set("holds", { state: "captured", captured: 11 }), says: "a hold that charged more than it had" },
      { write: set("holds", { state: "released" }), says: "a hold that is over and nobody got it" },
      { write: set("holds", { state: "captured", captured: 20, expired: -10 }), says: "less than nothing expired" },
      { write: set("holds", { state: "captured", captured: -1, released: 11 }), says: "less than nothing charged" },
      { write: set("holds", { state: "captured", captured: 11, released: -1 }), says: "less than nothing freed" },
      { write: hold({ amount: 0 }), says: "a hold of nothing" },
      { write: hold({ amount: "many" }), says: "a hold in words" },
      { write: hold({ expires_at_ms: null }), says: "a hold that never ends" },
      { write: line({ amount: 0 }), says: "a line about nothing" },
      { write: line({ amount: 0, kind: "hold" }), says: "a line that sets nothing aside" },
      { write: line({ amount: -5 }), says: "a line with a negative amount" },
      { write: line({ amount: -5, kind: "extend" }), says: "a line that gives less than no time" },
      { write: line({ credit: "a" }), says: "a line from an account to itself" },
      { write: line({ balance_after: -5 }), says: "a line that leaves less than nothing" },
      { write: line({ held_after: -5 }), says: "a line that leaves less than nothing set aside" },
      { write: line({ lapsed: -1 }), says: "a line of which less than nothing lapsed" },
      { write: line({ lapsed: 56 }), says: "a line of which more lapsed than there is" },
      { write: line({ sequence: 0 }), says: "a line before the first" },
      { write: line({ sequence: 2 }), says: "two lines with one number" },
      { write: line({ idempotency_key: "caller:first" }), says: "two lines under one key" },
    ])("$says", async ({ write }) => {
      const before = await everything();
      await expect(write(here.rows)).rejects.toThrow();
      expect(await everything()).toEqual(before);
    });

    test("while a right one can", async () => {
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
