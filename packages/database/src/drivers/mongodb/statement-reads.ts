import type { Document } from "mongodb";
import { type StatementReads, toEntrySum, toPoint } from "../../stores/statement-reads.ts";
import { type EntrySum, summedKinds } from "../../stores/statement-sums.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";

const sums: Document = {
  first_sequence: { $min: "$sequence" },
  entries: { $sum: 1 },
  amount: { $sum: "$amount" },
};

/** Charges and refunds have the name of their action, revocations and expirations none. */
const byAction: Document = {
  $group: {
    _id: { kind: "$kind", name: { $cond: [{ $in: ["$kind", ["revoke", "expire"]] }, "", "$action"] } },
    ...sums,
  },
};

/** Grants have the name of their source. */
const bySource: readonly Document[] = [
  { $set: { grant: { account_id: "$account_id", id: "$subject_id" } } },
  { $lookup: { from: "grants", localField: "grant", foreignField: "_id", as: "grants" } },
  { $group: { _id: { kind: "$kind", name: { $first: "$grants.source" } }, ...sums } },
];

/** What statements read of a journal, on MongoDB. */
export const createMongodbStatementReads = (connection: MongoConnection): StatementReads => {
  const journal = () => connection.collection("transactions");
  const options = { ...queryLimits, hint: "number" };
  const aggregate = async (where: Document, stages: readonly Document[]): Promise<readonly EntrySum[]> => {
    const rows = await journal()
      .aggregate([{ $match: where }, ...stages], options)
      .toArray();
    return rows.map(({ _id, first_sequence, entries, amount }) =>
      toEntrySum({ kind: _id.kind, name: _id.name, first_sequence, entries, amount }),
    );
  };
  return {
    withPoints: (accountId, work) =>
      work((sequences) =>
        connection.reading(async () => {
          const found = await journal()
            .find({ account_id: accountId, sequence: { $in: [...sequences] } }, options)
            .project({ _id: 0, sequence: 1, created_at_ms: 1, balance_after: 1, held_after: 1 })
            .sort({ sequence: 1 })
            .toArray();
          return found.map((each) => toPoint(each as Parameters<typeof toPoint>[0]));
        }),
      ),

    sumsOf: (accountId, { after, through }) =>
      connection.reading(async () => {
        const where = { account_id: accountId, sequence: { $gt: after, $lte: through } };
        const others = summedKinds.filter((kind) => kind !== "grant");
        const [ofActions, ofGrants] = await Promise.all([
          aggregate({ ...where, kind: { $in: others } }, [byAction]),
          aggregate({ ...where, kind: "grant" }, bySource),
        ]);
        return [...ofActions, ...ofGrants];
      }),
  };
};
