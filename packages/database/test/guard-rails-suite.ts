import type { DatabaseKind } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { consuming, granting, newAccount, perform } from "./commands.ts";
import { useDatabase } from "./use-database.ts";

const numbers = "'txn', 'key', 'consume'";
const rest = "'video', NULL";

/** What the tables themselves refuse, whoever writes to them. */
export function describeGuardRails(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const account = newAccount();
  beforeAll(async () => {
    await perform(here.database.ledger, granting(account, 100));
    await perform(here.database.ledger, consuming(account, 30));
  });
  const everything = async () => ({
    accounts: await here.sql.query("SELECT * FROM accounts"),
    grants: await here.sql.query("SELECT * FROM grants"),
    transactions: await here.sql.query("SELECT * FROM transactions ORDER BY sequence"),
  });

  describe("a line of the journal is never changed", () => {
    test.each([
      { sql: "UPDATE transactions SET amount = 1", says: "not its amount" },
      { sql: "UPDATE transactions SET action = 'other' WHERE sequence = 1", says: "not its words" },
      { sql: "DELETE FROM transactions", says: "nor deleted" },
      { sql: "DELETE FROM transactions WHERE sequence = 2", says: "not even the last one" },
      ...(kind === "postgresql" ? [{ sql: "TRUNCATE transactions", says: "nor emptied" }] : []),
    ])("$says", async ({ sql }) => {
      const before = await everything();
      await expect(here.sql.query(sql)).rejects.toThrow(/never updated|never deleted/);
      expect(await everything()).toEqual(before);
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
      {
        sql: "INSERT INTO grants SELECT 'user:nobody', id, source, amount, remaining, priority, created_at_ms FROM grants",
        says: "a grant to an account that is not there",
      },
      { sql: "DELETE FROM accounts", says: "an account that is gone while its lines are there" },
      {
        sql: `INSERT INTO transactions VALUES ('${account}', 3, ${numbers}, 0, ${rest}, 'a', 'b', 70, 0, '[]', 1)`,
        says: "a line about nothing",
      },
      {
        sql: `INSERT INTO transactions VALUES ('${account}', 3, ${numbers}, -5, ${rest}, 'a', 'b', 70, 0, '[]', 1)`,
        says: "a line with a negative amount",
      },
      {
        sql: `INSERT INTO transactions VALUES ('${account}', 3, ${numbers}, 5, ${rest}, 'a', 'a', 70, 0, '[]', 1)`,
        says: "a line from an account to itself",
      },
      {
        sql: `INSERT INTO transactions VALUES ('${account}', 3, ${numbers}, 5, ${rest}, 'a', 'b', -5, 0, '[]', 1)`,
        says: "a line that leaves less than nothing",
      },
      {
        sql: `INSERT INTO transactions VALUES ('${account}', 2, ${numbers}, 5, ${rest}, 'a', 'b', 65, 0, '[]', 1)`,
        says: "two lines with one number",
      },
      {
        sql: `INSERT INTO transactions SELECT account_id, 3, id, idempotency_key, kind, amount, action, metadata, debit, credit,
          balance_after, held_after, shares, created_at_ms FROM transactions WHERE sequence = 2`,
        says: "two lines under one key",
      },
      {
        sql: `INSERT INTO transactions VALUES ('user:nobody', 1, ${numbers}, 5, ${rest}, 'a', 'b', 5, 0, '[]', 1)`,
        says: "a line of an account that is not there",
      },
    ])("$says", async ({ sql }) => {
      const before = await everything();
      await expect(here.sql.query(sql)).rejects.toThrow();
      expect(await everything()).toEqual(before);
    });
  });
}
