import type { DatabaseKind } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { consuming, granting, holding, newAccount, perform, placed } from "./commands.ts";
import { useDatabase } from "./use-database.ts";

type Values = Readonly<Record<string, string | number | null>>;

/** An INSERT of one row. */
function inserting(table: string, row: Values): string {
  const values = Object.values(row).map((value) => (typeof value === "string" ? `'${value}'` : String(value)));
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${values.join(", ")})`;
}

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
  const line = (is: Values) => {
    const what = { kind: "consume", amount: 5, action: "video", debit: "a", credit: "b", shares: "[]" };
    const after = { balance_after: 55, held_after: 10, lapsed: 0, created_at_ms: 1 };
    return inserting("transactions", { account_id: account, sequence: 4, id: "txn-4", ...what, ...after, ...is });
  };
  /** A right hold, but for what stands in `is`. */
  const hold = (is: Values) => {
    const numbers = { amount: 10, state: "pending", captured: 0, released: 0, expired: 0 };
    const what = { placed_by: "user", action: "render", shares: "[]", expires_at_ms: 1, created_at_ms: 1 };
    return inserting("holds", { account_id: account, id: "hold-2", ...numbers, ...what, ...is });
  };
  const everything = async () => ({
    accounts: await here.sql.query("SELECT * FROM accounts"),
    grants: await here.sql.query("SELECT * FROM grants"),
    holds: await here.sql.query("SELECT * FROM holds"),
    transactions: await here.sql.query("SELECT * FROM transactions ORDER BY sequence"),
  });

  describe("a line of the journal is never changed", () => {
    test.each([
      { sql: "UPDATE transactions SET amount = 1", says: "not its amount" },
      { sql: "UPDATE transactions SET action = 'other' WHERE sequence = 1", says: "not its words" },
      { sql: "DELETE FROM transactions", says: "nor deleted" },
      { sql: "DELETE FROM transactions WHERE sequence = 3", says: "not even the last one" },
      ...(kind === "postgresql" ? [{ sql: "TRUNCATE transactions", says: "nor emptied" }] : []),
    ])("$says", async ({ sql }) => {
      const before = await everything();
      await expect(here.sql.query(sql)).rejects.toThrow(/never updated|never deleted/);
      expect(await everything()).toEqual(before);
    });
  });

  describe("an account is never deleted", () => {
    test.each([
      { sql: "DELETE FROM accounts", says: "with all others" },
      { sql: `DELETE FROM accounts WHERE id = '${account}'`, says: "alone" },
      ...(kind === "postgresql" ? [{ sql: "TRUNCATE accounts", says: "with the whole table" }] : []),
    ])("$says", async ({ sql }) => {
      const before = await everything();
      await expect(here.sql.query(sql)).rejects.toThrow(/accounts are never deleted/);
      expect(await everything()).toEqual(before);
    });
  });

  describe("a grant is open exactly while something is left of it", () => {
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
      { sql: "UPDATE accounts SET balance = -1", says: "a balance below zero" },
      { sql: "UPDATE accounts SET held = -1", says: "held below zero" },
      { sql: "UPDATE accounts SET sequence = -1", says: "a number below zero" },
      { sql: "UPDATE accounts SET balance = NULL", says: "no balance" },
      { sql: "UPDATE accounts SET balance = 'many'", says: "a balance in words" },
      { sql: "UPDATE grants SET remaining = -1", says: "less than nothing left in a grant" },
      { sql: "UPDATE grants SET remaining = amount + 1", says: "more left in a grant than was given" },
      { sql: "UPDATE grants SET amount = 0, remaining = 0", says: "a grant of nothing" },
      { sql: "UPDATE holds SET captured = 1", says: "a pending hold of which a part is charged" },
      { sql: "UPDATE holds SET state = 'captured', captured = 4, released = 5", says: "a hold that lost a credit" },
      { sql: "UPDATE holds SET state = 'captured', captured = 11", says: "a hold that charged more than it had" },
      { sql: "UPDATE holds SET state = 'released'", says: "a hold that is over and nobody got it" },
      { sql: "UPDATE holds SET state = 'captured', captured = 20, expired = -10", says: "less than nothing expired" },
      { sql: "UPDATE holds SET state = 'captured', captured = -1, released = 11", says: "less than nothing charged" },
      { sql: "UPDATE holds SET state = 'captured', captured = 11, released = -1", says: "less than nothing freed" },
      { sql: hold({ amount: 0 }), says: "a hold of nothing" },
      { sql: hold({ amount: "many" }), says: "a hold in words" },
      { sql: hold({ expires_at_ms: null }), says: "a hold that never ends" },
      { sql: line({ amount: 0 }), says: "a line about nothing" },
      { sql: line({ amount: 0, kind: "hold" }), says: "a line that sets nothing aside" },
      { sql: line({ amount: -5 }), says: "a line with a negative amount" },
      { sql: line({ amount: -5, kind: "extend" }), says: "a line that gives less than no time" },
      { sql: line({ credit: "a" }), says: "a line from an account to itself" },
      { sql: line({ balance_after: -5 }), says: "a line that leaves less than nothing" },
      { sql: line({ held_after: -5 }), says: "a line that leaves less than nothing set aside" },
      { sql: line({ lapsed: -1 }), says: "a line of which less than nothing lapsed" },
      { sql: line({ lapsed: 56 }), says: "a line of which more lapsed than there is" },
      { sql: line({ sequence: 0 }), says: "a line before the first" },
      { sql: line({ sequence: 2 }), says: "two lines with one number" },
      { sql: line({ idempotency_key: "caller:first" }), says: "two lines under one key" },
    ])("$says", async ({ sql }) => {
      const before = await everything();
      await expect(here.sql.query(sql)).rejects.toThrow();
      expect(await everything()).toEqual(before);
    });

    test("while a right one can", async () => {
      const right = [
        line({}),
        line({ sequence: 5, id: "txn-5" }),
        line({ sequence: 6, kind: "extend", amount: 0, lapsed: 55 }),
        line({ sequence: 7, idempotency_key: "caller:First" }),
        line({ account_id: "user:elsewhere", idempotency_key: "caller:first" }),
        hold({}),
        "UPDATE holds SET state = 'captured', captured = 4, released = 5, expired = 1",
      ];
      for (const sql of right) await expect(here.sql.query(sql), sql).resolves.toEqual([]);
    });
  });
}
