import { DatabaseUnavailable, ExtraWriteConflict, type LedgerStore } from "@jifen/ledger";
import { afterConnectionLoss, isUniqueViolation } from "../../errors/failure.ts";
import { distinctReads } from "../../ledger/snapshot-draft.ts";
import { attempt, InconsistentRead, type Strategy, type Work } from "./attempt.ts";
import { DIVISION_BY_ZERO } from "./bulk.ts";
import { type ExpiredAccount, findExpired, type LedgerSite, readAccounts } from "./ledger-rows.ts";

/** Deadlock and serialization failure: the transaction has to be retried. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 6;

/** How many commits take locks after a write conflict. */
const COMMITS_AFTER_CONFLICT = 64;

/** The ledger of one site, which also says when each account expired. */
export type SiteLedgerStore = LedgerStore & { findExpired(limit: number): Promise<readonly ExpiredAccount[]> };

/**
 * The ledger on PostgreSQL, with two strategies. Accounts are rarely changed by another process, so a commit reads without
 * locks, and the write verifies that the account rows are unchanged. If they are not, nothing was written, and the commit
 * is repeated with locks. Later commits keep the locks for a while, because conflicts come in series.
 */
export function createPostgresqlLedgerStore(site: LedgerSite): SiteLedgerStore {
  let pessimisticCommits = 0;

  const firstStrategy = (): Strategy => {
    if (pessimisticCommits === 0) return "optimistic";
    pessimisticCommits -= 1;
    return "pessimistic";
  };

  const commit = async <Result>(work: Work<Result>): Promise<Result> => {
    let strategy = firstStrategy();
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(site, work, strategy);
      } catch (error) {
        if (!(strategy === "pessimistic" ? isRetryable(error) : isWriteConflict(error))) throw error;
        if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("too many write conflicts", { cause: error });
        strategy = "pessimistic";
        pessimisticCommits = COMMITS_AFTER_CONFLICT;
      }
    }
  };

  const find = (limit: number) => findExpired(site, limit).catch(afterConnectionLoss("nothing written"));

  return {
    commit: (readSet, decide) => commit({ reads: distinctReads(readSet), decide }),
    readAccounts: (accountIds) => readAccounts(site, accountIds).catch(afterConnectionLoss("nothing written")),
    findExpired: find,
    findExpiredAccounts: async (limit) => (await find(limit)).map(({ id }) => id),
  };
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/**
 * Whether another attempt with the same strategy can succeed. A unique violation of the ledger's own tables means that two
 * processes opened one account or used one key concurrently: the next attempt finds the row. One of an extra row is final.
 */
const isRetryable = (error: unknown): boolean =>
  !(error instanceof ExtraWriteConflict) && (retryable.has(codeOf(error)) || isUniqueViolation(error));

/** Also when unlocked rows were not as the decision assumed: the write then divides by zero. */
const isWriteConflict = (error: unknown): boolean =>
  error instanceof InconsistentRead || codeOf(error) === DIVISION_BY_ZERO || isRetryable(error);
