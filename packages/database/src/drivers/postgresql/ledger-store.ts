import { DatabaseUnavailable, ExtraWriteConflict, type LedgerStore } from "@jifen/ledger";
import type pg from "pg";
import { afterConnectionLoss, isUniqueViolation } from "../../errors/failure.ts";
import { distinctReads } from "../../ledger/snapshot-draft.ts";
import { AccountCache } from "./account-cache.ts";
import { attempt, InconsistentRead, type Work } from "./attempt.ts";
import { DIVISION_BY_ZERO } from "./bulk.ts";
import { findExpired, readAccounts } from "./ledger-rows.ts";

/** Deadlock and serialization failure: the transaction has to be retried. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 6;

/** The strategies that do not use the cache. */
type Fallback = "optimistic" | "pessimistic";

/**
 * How many commits use a fallback after a write conflict. A conflict on cached accounts costs one statement, a conflict on
 * an optimistic read a second round trip as well.
 */
const FALLBACK_COMMITS: Readonly<Record<Fallback, number>> = { optimistic: 16, pessimistic: 64 };

/** `cache: false` leaves the account cache unused: the benchmark compares a store with it and one without. */
export type StoreOptions = { readonly cache?: boolean };

/**
 * The ledger on PostgreSQL, with three strategies. Accounts are rarely changed by another process, so an account that this
 * process changed last is taken from the cache, and any other is read without a lock. The write verifies that the account
 * rows are unchanged. If they are not, nothing was written, and the attempt is repeated with the next strategy: cached,
 * optimistic, pessimistic. Later commits keep that strategy for a while, because conflicts come in series.
 */
export function createPostgresqlLedgerStore(pool: pg.Pool, { cache = true }: StoreOptions = {}): LedgerStore {
  const accounts = new AccountCache();
  const remaining: Record<Fallback, number> = { optimistic: 0, pessimistic: 0 };

  const firstStrategy = (): Fallback | "cached" => {
    const fallback = remaining.pessimistic > 0 ? "pessimistic" : "optimistic";
    if (remaining[fallback] === 0) return cache ? "cached" : fallback;
    remaining[fallback] -= 1;
    return fallback;
  };

  const commit = async <Result>(work: Work<Result>): Promise<Result> => {
    let strategy = firstStrategy();
    for (let attempts = 1; ; attempts += 1) {
      const cached = strategy === "cached" ? accounts.read(work.reads) : undefined;
      try {
        const isPessimistic = strategy === "pessimistic";
        const decision = await attempt(pool, work, { isPessimistic, cached, clock: accounts.clock });
        if (decision) {
          if (cache) accounts.keep(decision.after);
          return decision.result;
        }
        strategy = "optimistic";
      } catch (error) {
        accounts.forget(work.reads.accountIds);
        if (!(strategy === "pessimistic" ? isRetryable(error) : isWriteConflict(error))) throw error;
        if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("too many write conflicts", { cause: error });
        strategy = cached ? "optimistic" : "pessimistic";
        remaining[strategy] = FALLBACK_COMMITS[strategy];
      }
    }
  };

  return {
    commit: (readSet, decide) => commit({ reads: distinctReads(readSet), decide }),
    readAccounts: (accountIds) => readAccounts(pool, accountIds).catch(afterConnectionLoss("nothing written")),
    findExpiredAccounts: (limit) => findExpired(pool, limit).catch(afterConnectionLoss("nothing written")),
  };
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/**
 * Whether another attempt with the same strategy can succeed. A unique violation of the ledger's own tables means that two
 * processes opened one account or used one key concurrently: the next attempt finds the row. One of an extra row is final.
 */
const isRetryable = (error: unknown): boolean =>
  !(error instanceof ExtraWriteConflict) && (retryable.has(codeOf(error)) || isUniqueViolation(error));

/** Also when unlocked rows or the clock were not as the decision assumed: the write then divides by zero. */
const isWriteConflict = (error: unknown): boolean =>
  error instanceof InconsistentRead || codeOf(error) === DIVISION_BY_ZERO || isRetryable(error);
