import { randomUUID } from "node:crypto";
import { onMysql } from "@jifen/testkit/processes";
import Driver from "better-sqlite3";
import { createPool } from "mariadb";
import { Long, MongoClient, type TransactionOptions } from "mongodb";
import { AMOUNT, GRANTED, USERS } from "../workload.ts";
import { baselineTables, insertStatement, takeStatement } from "./tables.ts";

/** One transaction for each consume, by the driver of a database, in this process. */
export type Baseline = {
  readonly name: string;
  /** How many clients are tried; the fastest of a round counts. */
  readonly clients: readonly number[];
  consume(account: number): Promise<void>;
  close(): Promise<void>;
};

/** A prepared transaction of the driver that the engine uses, as durable as the engine. A file has one writer, so one client. */
export async function openSqliteBaseline(url: string): Promise<Baseline> {
  const connection = new Driver(url.slice("file:".length));
  for (const sql of ["PRAGMA journal_mode = WAL", ...baselineTables, "PRAGMA synchronous = FULL"]) connection.exec(sql);
  const take = connection.prepare(takeStatement("?"));
  const source = { key: "hex(randomblob(16))", nowMs: "unixepoch() * 1000" };
  const insert = connection.prepare(insertStatement("accounts WHERE id = ?", source));
  const consume = connection.transaction((account: number) => {
    take.run(account);
    insert.run(account);
  }).immediate;
  return {
    ...{ name: "a transaction for each", clients: [1] },
    consume: async (account) => void consume(account),
    close: async () => void connection.close(),
  };
}

const procedure = `CREATE PROCEDURE consume (IN spender bigint)
  BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    START TRANSACTION;
    ${takeStatement("spender")};
    ${insertStatement("accounts WHERE id = spender", { key: "UUID()", nowMs: "UNIX_TIMESTAMP(SYSDATE(3)) * 1000" })};
    COMMIT;
  END`;

/** One call of a stored procedure for each consume: one prepared statement, one round trip. */
export async function openMysqlBaseline(url: string): Promise<Baseline> {
  await onMysql(url, async (connection) => {
    for (const sql of [...baselineTables, procedure]) await connection.query(sql);
  });
  const clients = [1, 8, 64];
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const database = { host, port: Number(port || 3306), user, password, database: pathname.slice(1) };
  const pool = createPool({ ...database, connectionLimit: Math.max(...clients), allowPublicKeyRetrieval: true });
  return {
    ...{ name: "a stored procedure", clients },
    consume: async (account) => void (await pool.execute("CALL consume(?)", [account])),
    close: () => pool.end(),
  };
}

type Account = { readonly _id: number; readonly balance: number; readonly sequence: number };
type Entry = {
  readonly _id: { readonly account_id: number; readonly idempotency_key: string };
  readonly sequence: number;
};

/** As durable as Jifen: acknowledged means in the journals of a majority. */
const durable: TransactionOptions = {
  readConcern: { level: "snapshot" },
  writeConcern: { w: "majority", journal: true },
};

/**
 * A transaction of the driver for each consume, in three round trips: one command takes from the balance if it is enough,
 * one inserts the entry, and the commit. MongoDB 7.0 writes to one collection in one round trip, and a journal that grows
 * for ever does not fit into the document of its account.
 */
export async function openMongodbBaseline(url: string): Promise<Baseline> {
  const client = await new MongoClient(url).connect();
  const accounts = client.db().collection<Account>("accounts");
  const entries = client.db().collection<Entry>("transactions");
  await entries.createIndex({ "_id.account_id": 1, sequence: 1 }, { unique: true });
  await accounts.insertMany(Array.from({ length: USERS }, (_, n) => ({ _id: n + 1, balance: GRANTED, sequence: 0 })));
  const consume = (account: number) =>
    client.withSession((session) =>
      // The driver retries write conflicts.
      session.withTransaction(async () => {
        const spent = await accounts.findOneAndUpdate(
          { _id: account, balance: { $gte: AMOUNT } },
          { $inc: { balance: -AMOUNT, sequence: 1 } },
          { session, returnDocument: "after" },
        );
        if (!spent) throw new Error("the account has too few credits");
        const _id = { account_id: account, idempotency_key: randomUUID() };
        const fields = { amount: Long.fromNumber(AMOUNT), action: "bench", created_at: new Date() };
        const { sequence, balance } = spent;
        await entries.insertOne({ _id, sequence, ...fields, ...{ balance_after: balance } }, { session });
      }, durable),
    );
  return { name: "a transaction of the driver", clients: [1, 8, 64], consume, close: () => client.close() };
}
