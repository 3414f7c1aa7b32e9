import { expect, test } from "vitest";
import { scatteredTables } from "./distribution-columns.ts";

const scattered = (text: string, name?: string) => scatteredTables({ name, text });

test.each([
  {
    says: "an equality",
    sql: 'SELECT "public"."users"."id" FROM "public"."users" WHERE ("public"."users"."id" = $1 AND 1=1)',
  },
  { says: "a list", sql: "SELECT * FROM users WHERE users.id IN ($1,$2)" },
  {
    says: "an array",
    sql: "SELECT * FROM holds AS hold WHERE account_id = ANY($1::text[]) AND state = 'pending' FOR UPDATE",
  },
  { says: "alternatives that all name it", sql: "SELECT * FROM users WHERE id = $1 OR (role = $2 AND id = $3)" },
  { says: "a condition that no row meets", sql: "DELETE FROM logs WHERE 1 = 0" },
  {
    says: "an inserted column",
    sql: "INSERT INTO logs (id,user_id) VALUES ($1,$2) ON CONFLICT (user_id, id) DO UPDATE SET action = $3",
  },
  {
    says: "an update",
    sql: "WITH c AS (UPDATE accounts SET held = $1 WHERE id = $2::text RETURNING 1) SELECT 1 / count(*) FROM c",
  },
  { says: "a table on one node", sql: "SELECT * FROM audit_runs WHERE accounts > $1" },
])("a statement with $says asks only the shards of its values", ({ sql }) => {
  expect(scattered(sql)).toEqual([]);
});

test.each([
  { says: "without a condition", sql: "SELECT count(*) AS n FROM accounts", tables: ["accounts"] },
  { says: "with another column", sql: "DELETE FROM one_time_links WHERE issuer = $1", tables: ["one_time_links"] },
  { says: "with a range", sql: "SELECT * FROM users WHERE users.id > $1 ORDER BY users.id", tables: ["users"] },
  {
    says: "with an alternative that names another column",
    sql: "SELECT * FROM users WHERE id = $1 OR role = $2",
    tables: ["users"],
  },
  { says: "with an excluded value", sql: "SELECT * FROM users WHERE NOT (id = $1)", tables: ["users"] },
  {
    says: "with a list that a query makes",
    sql: "DELETE FROM logs WHERE user_id IN (SELECT id FROM users WHERE id = $1)",
    tables: ["logs"],
  },
  {
    says: "with another column in a subquery",
    sql: "SELECT (SELECT min(id) FROM accounts WHERE id > $1)",
    tables: ["accounts"],
  },
  {
    says: "with the column of another table",
    sql: "SELECT * FROM grants g JOIN accounts a ON a.id = $1",
    tables: ["grants"],
  },
  { says: "after UNION", sql: "SELECT id FROM users WHERE id = $1 UNION SELECT user_id FROM logs", tables: ["logs"] },
  { says: "that inserts no column for it", sql: "INSERT INTO logs (id, action) VALUES ($1, $2)", tables: ["logs"] },
  {
    says: "with rows that were sent",
    sql: "SELECT * FROM unnest($1::text[]) AS sent (id) JOIN users u ON u.id = sent.id",
    tables: ["users"],
  },
])("a statement $says asks all shards", ({ sql, tables }) => {
  expect(scattered(sql)).toEqual(tables);
});

test("a statement of the ledger, which runs on one shard, can name its accounts by the rows that were sent", () => {
  const sql =
    "SELECT t.* FROM unnest($1::text[]) AS pair (account_id) JOIN holds_102008 t ON t.account_id = pair.account_id";
  expect(scattered(sql, "holds-by-id-102008")).toEqual([]);
  expect(scattered("SELECT id FROM accounts_102008 WHERE next_due_ms <= $1", "expired-102008")).toEqual(["accounts"]);
});
