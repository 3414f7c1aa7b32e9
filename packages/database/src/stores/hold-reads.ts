import type { AccountId, HoldId, HoldState } from "@jifen/core";
import type { Hold } from "@jifen/ledger";
import { toHold } from "../ledger/rows.ts";
import { idBound } from "../logs/months.ts";
import type { Records, StoredRecord } from "../records/records.ts";
import { byColumn } from "./ledger-records.ts";
import { newestFirst, type Page } from "./page.ts";

/** Reads holds. Expirations that are not processed yet are not in them. */
export type HoldReads = {
  /** The present state of a hold of the account. */
  hold(accountId: AccountId, id: HoldId): Promise<Hold | undefined>;
  /** The holds of these accounts that have these ids. */
  holdsById(accountIds: readonly AccountId[], ids: readonly HoldId[]): Promise<readonly Hold[]>;
  /** The holds of the account, newest first, as `grants`. */
  holds(
    accountId: AccountId,
    filter: { readonly state?: HoldState | undefined },
    page: Page<HoldId>,
  ): Promise<readonly Hold[]>;
  /** How many holds of the account are open, counting up to `limit`. */
  countOpenHolds(accountId: AccountId, limit: number): Promise<number>;
  /** Open holds of all accounts, oldest first. `before`: only greater ids. Times are epoch milliseconds. */
  openHolds(
    filter: { readonly placedBeforeMs: number; readonly expiringAfterMs: number },
    page: Page<HoldId>,
  ): Promise<readonly Hold[]>;
};

const toHolds = (records: readonly StoredRecord<"holds">[]) => records.map(byColumn).map(toHold);

/** The reads of holds on any database. */
export const createHoldReads = (records: Records): HoldReads => ({
  hold: async (accountId, id) => {
    const hold = await records.get("holds", { accountId, id });
    return hold && toHold(byColumn(hold));
  },

  holdsById: async (accountIds, ids) =>
    toHolds(await records.list("holds", { where: { accountId: { in: accountIds }, id: { in: ids } } })),

  holds: async (accountId, { state }, page) =>
    toHolds(await records.list("holds", { where: { accountId, state }, ...newestFirst(page) })),

  countOpenHolds: (accountId, limit) => records.count("holds", { accountId, state: "pending" }, limit),

  openHolds: async ({ placedBeforeMs, expiringAfterMs }, { limit, before }) => {
    const id = { lt: idBound(placedBeforeMs, "hold"), gt: before };
    // An open hold has no time at which it was resolved: by this the index is found.
    const where = { state: "pending", resolvedAtMs: null, id, expiresAtMs: { gt: expiringAfterMs } };
    return toHolds(await records.list("holds", { where, by: ["id"], limit }));
  },
});
