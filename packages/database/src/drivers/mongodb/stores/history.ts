import type { AccountId } from "@jifen/core";
import type { Grant, Transaction } from "@jifen/ledger";
import { type Document, MaxKey, MinKey } from "mongodb";
import {
  type GrantRow,
  type HoldRow,
  type TransactionRow,
  toGrant,
  toHold,
  toTransaction,
} from "../../../ledger/rows.ts";
import type { HistoryStore } from "../../../stores/history.ts";
import { bounded, type Site } from "../connection.ts";
import { idWithin, rowOf, toFields } from "../documents.ts";

/** Document to line. */
export const lineOf = (found: Document): Transaction => toTransaction(rowOf<TransactionRow>(found));
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
export function createHistoryStore(site: Site): HistoryStore {
  const transactions = site.collection("transactions");
  const grants = site.collection("grants");
  const grantsWhere = async (where: Document, limit = 0) => {
    const found = await site.reading(() => grants.find(where, bounded).sort({ _id: -1 }).limit(limit).toArray());
    return found.map(grantOf);
  };
  return {
    transactions: async (accountId, { fromMs, toMs, ...filter }, { limit, before }) => {
      const found = await site.reading(() =>
        transactions
          .find(
            {
              account_id: accountId,
              ...toFields(filter),
              ...(before !== undefined && { sequence: { $lt: before } }),
              created_at_ms: { $gte: fromMs ?? 0, ...(toMs !== undefined && { $lt: toMs }) },
            },
            bounded,
          )
          .sort({ sequence: -1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(lineOf);
    },

    transaction: async (id) => {
      const found = await site.reading(() => transactions.findOne({ id }, bounded));
      return found ? lineOf(found) : undefined;
    },

    about: async (accountId, subjectId, limit) => {
      const found = await site.reading(() =>
        transactions
          // Whatever it is about, few lines are; an account may have millions.
          .find({ subject_id: subjectId, account_id: accountId }, { hint: "about", ...bounded })
          .sort({ sequence: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(lineOf);
    },

    refunded: async (accountId, chargeId) => {
      const where = { subject_id: chargeId, account_id: accountId, kind: "refund" };
      const [sum] = await site.reading(() =>
        transactions
          .aggregate([{ $match: where }, { $group: { _id: null, amount: { $sum: "$amount" } } }], {
            hint: "about",
            ...bounded,
          })
          .toArray(),
      );
      return Number(sum?.["amount"] ?? 0);
    },

    hold: async (accountId, id) => {
      const found = await site.reading(() =>
        site.collection("holds").findOne({ _id: idWithin(accountId, id) }, bounded),
      );
      return found ? toHold(rowOf<HoldRow>(found)) : undefined;
    },

    grants: (accountId, { limit, before }) => grantsWhere(withinAccount(accountId, before), limit),

    grantsById: (accountId, ids) => grantsWhere({ _id: { $in: ids.map((id) => idWithin(accountId, id)) } }),
  };
}
