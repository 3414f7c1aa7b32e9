import type { AccountId } from "@jifen/core";
import type { Entry, Grant } from "@jifen/ledger";
import { type Document, MaxKey, MinKey } from "mongodb";
import { type EntryRow, type GrantRow, type HoldRow, toEntry, toGrant, toHold } from "../../../ledger/rows.ts";
import type { HistoryStore } from "../../../stores/history.ts";
import { idWithin, rowOf, toFields } from "../documents.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";

/** Document to line. */
export const lineOf = (found: Document): Entry => toEntry(rowOf<EntryRow>(found));
/** Document to grant. */
export const grantOf = (found: Document): Grant => toGrant(rowOf<GrantRow>(found));

/** The ids of an account's grants or holds, all of them, or those before one. */
export const withinAccount = (account: AccountId, before?: string): Document => ({
  _id: {
    $gt: { account_id: account, id: new MinKey() },
    $lt: { account_id: account, id: before ?? new MaxKey() },
  },
});

/** The history on MongoDB. */
export function createHistoryStore(connection: MongoConnection): HistoryStore {
  const entries = connection.collection("transactions");
  const grants = connection.collection("grants");
  const grantsWhere = async (where: Document, limit = 0) => {
    const found = await connection.reading(() =>
      grants.find(where, queryLimits).sort({ _id: -1 }).limit(limit).toArray(),
    );
    return found.map(grantOf);
  };
  return {
    entries: async (accountId, { fromMs, toMs, ...filter }, { limit, before }) => {
      const found = await connection.reading(() =>
        entries
          .find(
            {
              account_id: accountId,
              ...toFields(filter),
              ...(before !== undefined && { sequence: { $lt: before } }),
              created_at_ms: { $gte: fromMs ?? 0, ...(toMs !== undefined && { $lt: toMs }) },
            },
            queryLimits,
          )
          .sort({ sequence: -1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(lineOf);
    },

    entry: async (id) => {
      const found = await connection.reading(() => entries.findOne({ id }, queryLimits));
      return found ? lineOf(found) : undefined;
    },

    about: async (accountId, referenceId, limit) => {
      const found = await connection.reading(() =>
        entries
          // Whatever it is about, few lines are; an account may have millions.
          .find({ subject_id: referenceId, account_id: accountId }, { hint: "about", ...queryLimits })
          .sort({ sequence: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(lineOf);
    },

    refunded: async (accountId, chargeId) => {
      const where = { subject_id: chargeId, account_id: accountId, kind: "refund" };
      const [sum] = await connection.reading(() =>
        entries
          .aggregate([{ $match: where }, { $group: { _id: null, amount: { $sum: "$amount" } } }], {
            hint: "about",
            ...queryLimits,
          })
          .toArray(),
      );
      return Number(sum?.["amount"] ?? 0);
    },

    hold: async (accountId, id) => {
      const found = await connection.reading(() =>
        connection.collection("holds").findOne({ _id: idWithin(accountId, id) }, queryLimits),
      );
      return found ? toHold(rowOf<HoldRow>(found)) : undefined;
    },

    grants: (accountId, { limit, before }) => grantsWhere(withinAccount(accountId, before), limit),

    grantsById: (accountId, ids) => grantsWhere({ _id: { $in: ids.map((id) => idWithin(accountId, id)) } }),
  };
}
