import type { AccountId } from "@jifen/core";
import type { AccountState } from "@jifen/ledger";
import { LRUCache } from "lru-cache";
import type { DistinctReads } from "../../ledger/snapshot-draft.ts";
import { CLOCK_TOLERANCE_MS } from "./bulk.ts";
import { DatabaseClock } from "./database-clock.ts";

/** About a kilobyte each. */
const MAX_ACCOUNTS = 20_000;
/** An account with more open grants is not cached. */
const MAX_GRANTS = 32;

/** Cached accounts with their open grants and without holds, and the clock of the database. */
export type CachedAccounts = { readonly nowMs: number; readonly states: readonly AccountState[] };

/**
 * The accounts as this process wrote them last. A cached account is never trusted: the write that rests on it verifies the
 * row and the clock in the database. A stale one costs another attempt and nothing else.
 */
export class AccountCache {
  readonly clock = new DatabaseClock();
  readonly #states = new LRUCache<AccountId, AccountState>({ max: MAX_ACCOUNTS });

  /**
   * Finds the accounts that are cached and of which nothing is about to expire.
   * @returns undefined when there is none, or when an entry is read by its own id: no unique index would refuse a second one
   */
  read({ accountIds, ownIds }: DistinctReads): CachedAccounts | undefined {
    const { nowMs } = this.clock;
    if (nowMs === undefined || ownIds.length > 0) return undefined;
    const states = accountIds.flatMap((id) => {
      const state = this.#states.get(id);
      const nextExpiryMs = state?.account.nextExpiryMs ?? Number.POSITIVE_INFINITY;
      return state && nextExpiryMs > nowMs + CLOCK_TOLERANCE_MS ? [state] : [];
    });
    return states.length === 0 ? undefined : { nowMs, states };
  }

  /** Stores accounts after they were written. */
  keep(states: ReadonlyMap<AccountId, AccountState>): void {
    for (const [id, { account, grants }] of states) {
      const open = grants.every(({ remaining }) => remaining > 0)
        ? grants
        : grants.filter(({ remaining }) => remaining > 0);
      if (open.length > MAX_GRANTS) this.#states.delete(id);
      else this.#states.set(id, { account, grants: open, holds: [], otherHoldsExpiryMs: null });
    }
  }

  /** Removes accounts after a failed attempt, and the clock, which may be the reason of the failure. */
  forget(ids: readonly AccountId[]): void {
    this.clock.forget();
    for (const id of ids) this.#states.delete(id);
  }
}
