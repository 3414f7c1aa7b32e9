import type { AccountId } from "@jifen/core";
import type { AccountState } from "@jifen/ledger";
import { LRUCache } from "lru-cache";
import type { DistinctReads } from "../../ledger/snapshot-draft.ts";
import { TOLERANCE_MS } from "./bulk.ts";
import { DatabaseClock } from "./database-clock.ts";

/** About a kilobyte each. */
const MAX_ACCOUNTS = 20_000;
/** An account in more pieces than these is read each time. */
const MAX_GRANTS = 32;

/** Accounts that need not be read, each with what is left in its grants and without holds, and what time it is. */
export type CachedAccounts = { readonly nowMs: number; readonly states: readonly AccountState[] };

/**
 * Accounts as this process left them. Nothing is true because it is remembered: whoever decides by it has the database
 * compare row and clock before it writes. What has become wrong meanwhile costs another try, no more.
 */
export class AccountCache {
  readonly clock = new DatabaseClock();
  readonly #states = new LRUCache<AccountId, AccountState>({ max: MAX_ACCOUNTS });

  /**
   * Those of the accounts that are known and of which nothing is about to end.
   * @returns nothing where nothing is known, or where lines are looked for that only reading finds: no index refuses them.
   */
  read({ accountIds, ownIds }: DistinctReads): CachedAccounts | undefined {
    const { nowMs } = this.clock;
    if (nowMs === undefined || ownIds.length > 0) return undefined;
    const states = accountIds.flatMap((id) => {
      const state = this.#states.get(id);
      const dueMs = state?.account.nextExpiryMs ?? Number.POSITIVE_INFINITY;
      return state && dueMs > nowMs + TOLERANCE_MS ? [state] : [];
    });
    return states.length === 0 ? undefined : { nowMs, states };
  }

  keep(states: ReadonlyMap<AccountId, AccountState>): void {
    for (const [id, { account, grants }] of states) {
      const open = grants.every(({ remaining }) => remaining > 0)
        ? grants
        : grants.filter(({ remaining }) => remaining > 0);
      if (open.length > MAX_GRANTS) this.#states.delete(id);
      else this.#states.set(id, { account, grants: open, holds: [], otherHoldsExpiryMs: null });
    }
  }

  /** Something was not as it was thought to be. */
  forget(ids: readonly AccountId[]): void {
    this.clock.forget();
    for (const id of ids) this.#states.delete(id);
  }
}
