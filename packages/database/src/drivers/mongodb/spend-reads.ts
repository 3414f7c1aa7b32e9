import { type AccountId, accountId } from "@jifen/core";
import type { Document } from "mongodb";
import { allParts } from "../../logs/log-parts.ts";
import { actionOf } from "../../logs/read-local-sums.ts";
import {
  type LocalSpend,
  MAX_UNFED,
  type SpendQuery,
  type SpendReads,
  spendCounts,
  toAccountSpend,
  type UnfedEntry,
} from "../../stores/spend-reads.ts";
import { groupByOwner, readGroupedSums, sumsWithin } from "./local-sums.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";
import { type SnapshotSession, withSnapshot } from "./snapshot.ts";

type MarkColumn = "sequence" | "credit_sequence";

/** Accounts whose journal is ahead of a mark. */
const accountsAfter = (mark: MarkColumn): readonly Document[] => [
  { $lookup: { from: "spend_marks", localField: "_id", foreignField: "_id", as: "mark" } },
  { $set: { fed: { $ifNull: [{ $first: `$mark.${mark}` }, 0] } } },
  { $match: { $expr: { $gt: ["$sequence", "$fed"] } } },
];

/** The first entry of such an account that is not in the sums. */
const firstEntry: Document = {
  $lookup: {
    from: "transactions",
    let: { account: "$_id", next: { $add: ["$fed", 1] } },
    pipeline: [
      { $match: { $expr: { $and: [{ $eq: ["$account_id", "$$account"] }, { $eq: ["$sequence", "$$next"] }] } } },
      { $project: { created_at_ms: 1 } },
    ],
    as: "first",
  },
};

const aggregateAccounts = (connection: MongoConnection, stages: readonly Document[]): Promise<readonly Document[]> =>
  connection.reading(() =>
    connection
      .collection("accounts")
      .aggregate([...stages], queryLimits)
      .toArray(),
  );

/** The time of the first entry of a journal after a mark, over all accounts; undefined when there is none. */
export async function readFirstAfterMark(connection: MongoConnection, mark: MarkColumn): Promise<number | undefined> {
  const group = { $group: { _id: null, first_ms: { $min: { $first: "$first.created_at_ms" } } } };
  const [row] = await aggregateAccounts(connection, [...accountsAfter(mark), firstEntry, group]);
  return row?.["first_ms"] === undefined || row["first_ms"] === null ? undefined : Number(row["first_ms"]);
}

/** Reads of the sums of credits on MongoDB. */
export function createMongodbSpendReads(connection: MongoConnection): SpendReads {
  return {
    sums: (query) =>
      withSnapshot(connection, async (snapshot) => {
        const sums = await readSums(connection, snapshot, query);
        const { accountId: account } = query;
        const unfed = account === undefined ? [] : await readUnfed(connection, snapshot, account);
        return { sums, unfed: unfed.slice(0, MAX_UNFED), isComplete: unfed.length <= MAX_UNFED };
      }),

    sumsOfAccounts: async (query) => {
      if (query.owners.length === 0) return [];
      const where = sumsWithin("account_id", query.owners, query);
      const rows = await connection.reading(() =>
        connection
          .collection("spend_rollups")
          .aggregate([{ $match: where }, groupByOwner("account_id", spendCounts)], { hint: "_id_", ...queryLimits })
          .toArray(),
      );
      return rows.map(({ _id, ...counts }) => toAccountSpend({ account_id: _id, ...counts }));
    },

    unfedAccounts: async (limit) => {
      // `credit_sequence` is never above `sequence`, so that one comparison finds accounts behind in either.
      const stages = [...accountsAfter("credit_sequence"), { $limit: limit }, { $project: { _id: 1 } }];
      return (await aggregateAccounts(connection, stages)).map(({ _id }) => accountId(String(_id)));
    },

    firstUnfedMs: () => readFirstAfterMark(connection, "sequence"),
  };
}

async function readSums(
  connection: MongoConnection,
  snapshot: SnapshotSession,
  query: SpendQuery,
): Promise<readonly LocalSpend[]> {
  const { accountId: account } = query;
  const [name, where] =
    account === undefined
      ? (["spend_totals", sumsWithin("part", allParts, query)] as const)
      : (["spend_rollups", sumsWithin("account_id", [account], query)] as const);
  const run = (stages: readonly Document[]) =>
    connection
      .collection(name)
      .aggregate([...stages], { hint: "_id_", ...snapshot })
      .toArray();
  const rows = await readGroupedSums(run, { where, counts: spendCounts }, query);
  return rows.map((row) => ({
    unit: Number(row["unit"]),
    action: actionOf(row["action"]),
    charges: Number(row["charges"]),
    charged: Number(row["charged"]),
    refunds: Number(row["refunds"]),
    refunded: Number(row["refunded"]),
  }));
}

async function readUnfed(
  connection: MongoConnection,
  snapshot: SnapshotSession,
  account: AccountId,
): Promise<readonly UnfedEntry[]> {
  const mark = await connection.collection("spend_marks").findOne({ _id: account as never }, snapshot);
  const after = Number(mark?.["sequence"] ?? 0);
  const where = { account_id: account, sequence: { $gt: after }, kind: { $in: ["consume", "capture", "refund"] } };
  const rows = await connection
    .collection("transactions")
    .find(where, { ...snapshot, hint: "number" })
    .sort({ sequence: 1 })
    .limit(MAX_UNFED + 1)
    .toArray();
  return rows.map((row) => ({
    createdAtMs: Number(row["created_at_ms"]),
    isRefund: row["kind"] === "refund",
    amount: Number(row["amount"]),
    action: String(row["action"]),
  }));
}
