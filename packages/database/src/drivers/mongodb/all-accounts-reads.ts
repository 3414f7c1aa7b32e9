import type { Document } from "mongodb";
import { allParts } from "../../logs/log-parts.ts";
import { type AllAccountsReads, toLocalCredits } from "../../stores/all-accounts-reads.ts";
import { groupByUnit, sumsWithin } from "./local-sums.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";
import { readFirstAfterMark } from "./spend-reads.ts";

/** The accounts that were charged in a range, each once. */
const accountsIn = (fromQuarter: number, toQuarter: number): readonly Document[] => [
  { $match: { "_id.quarter": { $gte: fromQuarter, $lt: toQuarter }, charges: { $gt: 0 } } },
  { $group: { _id: "$account_id" } },
  { $count: "n" },
];

/** What is read of all accounts together, on MongoDB. */
export const createMongodbTotalReads = (connection: MongoConnection): AllAccountsReads => ({
  credits: async (query) => {
    const within = { ...query, action: undefined };
    const pipeline = [
      { $match: sumsWithin("part", allParts, within) },
      groupByUnit({ ...query, names: ["kind", "source"] }, ["entries", "amount"]),
    ];
    const rows = await connection.reading(() =>
      connection
        .collection("credit_totals")
        .aggregate(pipeline, { hint: "_id_", ...queryLimits })
        .toArray(),
    );
    return rows.map(({ _id, ...counts }) => toLocalCredits({ ..._id, ...counts }));
  },

  activeAccounts: async (ranges) => {
    const counts: number[] = [];
    for (const { fromQuarter, toQuarter } of ranges) {
      const [row] = await connection.reading(() =>
        connection
          .collection("spend_rollups")
          .aggregate([...accountsIn(fromQuarter, toQuarter)], { hint: "active", ...queryLimits })
          .toArray(),
      );
      counts.push(Number(row?.["n"] ?? 0));
    }
    return counts;
  },

  firstMissingMs: () => readFirstAfterMark(connection, "credit_sequence"),
});
