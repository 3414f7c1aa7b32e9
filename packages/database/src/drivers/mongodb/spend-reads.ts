import { type AccountId, accountId } from "@jifen/core";
import type { Document } from "mongodb";
import { allParts } from "../../logs/log-parts.ts";
import {
  type LocalSpend,
  MAX_UNFED,
  type SpendQuery,
  type SpendReads,
  type UnfedEntry,
} from "../../stores/spend-reads.ts";
import { groupByUnit, sumsWithin } from "./local-sums.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";
import { type SnapshotSession, withSnapshot } from "./snapshot.ts";

const counts = ["charges", "charged", "refunds", "refunded"];

/** Accounts whose journal is ahead of its mark. */
const unfedAccounts: readonly Document[] = [
  { $lookup: { from: "spend_marks", localField: "_id", foreignField: "_id", as: "mark" } },
  { $set: { fed: { $ifNull: [{ $first: "$mark.sequence" }, 0] } } },
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

/** Reads of the sums of credits on MongoDB. */
export function createMongodbSpendReads(connection: MongoConnection): SpendReads {
  const aggregateAccounts = (stages: readonly Document[]): Promise<readonly Document[]> =>
    connection.reading(() =>
      connection
        .collection("accounts")
        .aggregate([...unfedAccounts, ...stages], queryLimits)
        .toArray(),
    );
  return {
    sums: (query) =>
      withSnapshot(connection, async (snapshot) => {
        const sums = await readSums(connection, snapshot, query);
        const { accountId: account } = query;
        const unfed = account === undefined ? [] : await readUnfed(connection, snapshot, account);
        return { sums, unfed: unfed.slice(0, MAX_UNFED), isComplete: unfed.length <= MAX_UNFED };
      }),

    unfedAccounts: async (limit) => {
      const rows = await aggregateAccounts([{ $limit: limit }, { $project: { _id: 1 } }]);
      return rows.map(({ _id }) => accountId(String(_id)));
    },

    firstUnfedMs: async () => {
      const group = { $group: { _id: null, first_ms: { $min: { $first: "$first.created_at_ms" } } } };
      const [row] = await aggregateAccounts([firstEntry, group]);
      return row?.["first_ms"] === undefined || row["first_ms"] === null ? undefined : Number(row["first_ms"]);
    },
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
  const rows = await connection
    .collection(name)
    .aggregate([{ $match: where }, groupByUnit(query, counts)], { hint: "_id_", ...snapshot })
    .toArray();
  return rows.map((row) => ({
    unit: Number(row["_id"].unit),
    action: query.byAction ? String(row["_id"].action) : null,
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
