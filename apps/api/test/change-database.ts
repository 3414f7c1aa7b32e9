import { DatabaseSync } from "node:sqlite";
import { type FreshDatabase, onMongodb, onMysql } from "@jifen/testkit";
import pg from "pg";

/** A change of the database, in SQL and for MongoDB. */
export type Change = { readonly sql: string; readonly mongodb: Parameters<typeof onMongodb>[1] };

/** Adds credits to the row of an account, or of all accounts. */
export const addToBalance = (amount: number, account?: string): Change => ({
  sql: `UPDATE accounts SET balance = balance + ${amount}${account === undefined ? "" : ` WHERE id = '${account}'`}`,
  mongodb: (db) => {
    const all = db.collection<{ _id: string; balance: bigint }>("accounts");
    return all.updateMany(account === undefined ? {} : { _id: account }, { $inc: { balance: BigInt(amount) } });
  },
});

/** Adds credits to the initial grant of an account. */
export const addToInitialGrant = (amount: number, account: string): Change => ({
  sql: `UPDATE grants SET amount = amount + ${amount}, remaining = remaining + ${amount}
    WHERE account_id = '${account}' AND source = 'initial'`,
  mongodb: (db) =>
    db
      .collection("grants")
      .updateOne(
        { account_id: account, source: "initial" },
        { $inc: { amount: BigInt(amount), remaining: BigInt(amount) } },
      ),
});

/** The row that a migration of a newer Jifen leaves. */
export const newerMigration: Change = {
  sql: "INSERT INTO jifen_migrations (version, name) VALUES (99, 'from the future')",
  mongodb: (db) => db.collection("jifen_migrations").insertOne({ version: 99, name: "from the future" }),
};

/** Changes the database directly, without the server. */
export async function changeDatabase({ url }: FreshDatabase, change: string | Change): Promise<void> {
  const sql = typeof change === "string" ? change : change.sql;
  if (url.startsWith("mongodb:")) {
    if (typeof change === "string") throw new Error("MongoDB has no SQL");
    await onMongodb(url, change.mongodb);
    return;
  }
  if (url.startsWith("file:")) {
    const database = new DatabaseSync(url.slice("file:".length));
    // A running server writes in the background.
    database.exec("PRAGMA busy_timeout = 5000");
    database.exec(sql);
    database.close();
    return;
  }
  if (/^(mysql|mariadb):/.test(url)) {
    await onMysql(url, (connection) => connection.query(sql));
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
