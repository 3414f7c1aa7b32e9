import { DatabaseUnavailable, type LedgerStore } from "@jifen/ledger";
import type pg from "pg";
import { afterConnectionLoss, isUniqueViolation } from "../../errors/failure.ts";
import { distinctReads } from "../../ledger/snapshot-draft.ts";
import { AccountCache } from "./account-cache.ts";
import { attempt, Torn, type Work } from "./attempt.ts";
import { findDue, readAccounts } from "./ledger-rows.ts";

/** Deadlock and serialization failure, which ask for another try. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 6;

/** Without what is remembered, and without what is not locked either. */
type CarefulWay = "ahead" | "locks";

/**
 * How many commits go the more careful way, after one found that somebody else had changed an account meanwhile. What is
 * remembered wrongly costs one statement, what is read without a lock a second flight as well.
 */
const CAREFUL_COMMITS: Readonly<Record<CarefulWay, number>> = { ahead: 16, locks: 64 };

/** `cache: false` leaves the account cache unused: the benchmark compares a store with it and one without. */
export type StoreOptions = { readonly cache?: boolean };

/**
 * The ledger on PostgreSQL. Nobody else changes an account most of the time, so an account that this process changed last
 * is not even read, and another is read without a lock; it is written on the condition that its row is still the same. When
 * the condition fails, nothing was done, and the same is done the next more careful way; so are the commits that
 * follow, for a while, because where two processes meet once they will meet again.
 */
export function createPostgresqlLedgerStore(pool: pg.Pool, { cache = true }: StoreOptions = {}): LedgerStore {
  const memory = new AccountCache();
  const careful: Record<CarefulWay, number> = { ahead: 0, locks: 0 };

  const firstWay = (): CarefulWay | "memory" => {
    const way = careful.locks > 0 ? "locks" : "ahead";
    if (careful[way] === 0) return cache ? "memory" : way;
    careful[way] -= 1;
    return way;
  };

  /** Trusts less and less until it is done; a way that was not careful enough is not the first one for a while. */
  const commit = async <Result>(work: Work<Result>): Promise<Result> => {
    let way = firstWay();
    for (let attempts = 1; ; attempts += 1) {
      const recalled = way === "memory" ? memory.read(work.names) : undefined;
      try {
        const takesLocks = way === "locks";
        const decision = await attempt(pool, work, { takesLocks, recalled, clock: memory.clock });
        if (decision) {
          if (cache) memory.keep(decision.after);
          return decision.result;
        }
        way = "ahead";
      } catch (error) {
        memory.forget(work.names.accountIds);
        if (!(way === "locks" ? asksForRetry(error) : wasOvertaken(error))) throw error;
        if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("others were always first", { cause: error });
        way = recalled ? "ahead" : "locks";
        careful[way] = CAREFUL_COMMITS[way];
      }
    }
  };

  return {
    commit: (readSet, decide) => commit({ names: distinctReads(readSet), decide }),
    readAccounts: (accountIds) => readAccounts(pool, accountIds).catch(afterConnectionLoss("nothing written")),
    findExpiredAccounts: (limit) => findDue(pool, limit).catch(afterConnectionLoss("nothing written")),
  };
}

/** The server does, or two processes opened one account: the unique index refuses one of them, which then finds it open. */
const asksForRetry = (error: unknown): boolean =>
  retryable.has(String((error as { code?: unknown }).code)) || isUniqueViolation(error);

/**
 * Or what was not locked was not as it was thought to be: it did not fit together, or the write divided by zero, because of
 * a row or of the clock.
 */
const wasOvertaken = (error: unknown): boolean =>
  error instanceof Torn || (error as { code?: unknown }).code === "22012" || asksForRetry(error);
