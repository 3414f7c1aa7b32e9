import type { AccountId } from "@jifen/core";
import type { Ledger } from "@jifen/ledger";
import type { Logger } from "pino";
import type { Job } from "../../jobs/job.ts";

const ACCOUNTS_PER_BATCH = 50;

/**
 * The sweeper: processes the expirations of holds and grants on accounts that nothing else touches; a command or a
 * balance query processes those of its own account.
 */
export function expirationsJob({ ledger, log }: { readonly ledger: Ledger; readonly log: Logger }): Job {
  // Skipped until the next start, so that they do not hold up the accounts that are in order.
  const inconsistent = new Set<AccountId>();
  return {
    name: "expirations",
    intervalMs: 5_000,
    leaseMs: 15_000,
    runBatch: async () => {
      const { isMore, failures } = await ledger.sweep(ACCOUNTS_PER_BATCH, inconsistent);
      for (const [account, error] of failures) {
        log.error({ err: error, account }, "account is inconsistent: run jifen audit --account for it");
        inconsistent.add(account);
      }
      return { isMore };
    },
  };
}
