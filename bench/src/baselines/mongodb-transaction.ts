import { randomUUID } from "node:crypto";
import { Long, type MongoClient, type TransactionOptions } from "mongodb";
import { callersAtWork } from "../load/callers.ts";
import type { Speed } from "../report/measurement.ts";
import { AMOUNT, accountsOf, GRANTED, type Spread, USERS } from "../workload.ts";

/** How many clients are tried; the best of them is the baseline. */
export const transactionClients: readonly number[] = [1, 8, 64];

type Account = { readonly _id: number; readonly balance: number; readonly sequence: number };
type Line = {
  readonly _id: { readonly account_id: number; readonly idempotency_key: string };
  readonly sequence: number;
  readonly amount: Long;
  readonly action: string;
  readonly balance_after: number;
  readonly created_at: Date;
};

/**
 * A transaction of MongoDB's own driver for each consume: one command takes from the balance where it suffices, one inserts
 * the line, and the commit makes three trips. In one trip MongoDB 7.0 writes to one collection, and a journal that grows for
 * ever has no room in its account's document.
 */
export type MongodbTransaction = {
  run(load: { readonly spread: Spread; readonly clients: number; readonly seconds: number }): Promise<Speed>;
  /** @returns what is wrong with its books, in sentences */
  audit(): Promise<string[]>;
};

/** As durable as Jifen: acknowledged is what a majority has in its journals. */
const options: TransactionOptions = {
  readConcern: { level: "snapshot" },
  writeConcern: { w: "majority", journal: true },
};

/** Makes the collections and the accounts. */
export async function openMongodbTransaction(client: MongoClient): Promise<MongodbTransaction> {
  const accounts = client.db().collection<Account>("accounts");
  const lines = client.db().collection<Line>("transactions");
  await lines.createIndex({ "_id.account_id": 1, sequence: 1 }, { unique: true });
  const made = Array.from({ length: USERS }, (_, n) => ({ _id: n + 1, balance: GRANTED, sequence: 0 }));
  await accounts.insertMany(made);
  let committed = 0;
  const consume = (account: number) =>
    client.withSession((session) =>
      // Whoever comes second is told to begin again, which the driver does.
      session.withTransaction(async () => {
        const spent = await accounts.findOneAndUpdate(
          { _id: account, balance: { $gte: AMOUNT } },
          { $inc: { balance: -AMOUNT, sequence: 1 } },
          { session, returnDocument: "after" },
        );
        if (!spent) throw new Error("there was not enough");
        const _id = { account_id: account, idempotency_key: randomUUID() };
        const about = { amount: Long.fromNumber(AMOUNT), action: "bench", created_at: new Date() };
        const { sequence, balance: balance_after } = spent;
        await lines.insertOne({ _id, sequence, balance_after, ...about }, { session });
      }, options),
    );
  return {
    run: async ({ spread, clients, seconds }) => {
      const work = await callersAtWork({ callers: clients, seconds }, async () => {
        await consume(1 + Math.floor(Math.random() * accountsOf(spread)));
        return "done";
      });
      committed += work.done;
      return work;
    },
    audit: async () => {
      const [sum] = await accounts.aggregate([{ $group: { _id: null, balance: { $sum: "$balance" } } }]).toArray();
      const spent = await lines.countDocuments();
      if (spent === committed && sum?.["balance"] === USERS * GRANTED - AMOUNT * committed) return [];
      return [
        `the driver's transaction: ${committed} committed, ${spent} lines and ${sum?.["balance"]} credits are there`,
      ];
    },
  };
}
