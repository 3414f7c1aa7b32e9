import { setTimeout as sleep } from "node:timers/promises";
import type { AccountId } from "@jifen/core";
import type { Ledger } from "@jifen/ledger";
import type { Logger } from "pino";
import type { Job } from "../../jobs/job.ts";
import { BatchSize } from "./batch-size.ts";

const MOST_ACCOUNTS = 50;
/** How long one run works before the lease is renewed. */
const RUN_MS = 2_000;

/**
 * The sweeper: processes the expirations of holds and grants on accounts that nothing else touches; a command or a
 * balance query processes those of its own account. Callers go first: a transaction takes as much as it does in a short
 * time, and as long a pause follows, whatever ends in the same second.
 */
export function expirationsJob({ ledger, log }: { readonly ledger: Ledger; readonly log: Logger }): Job {
  // Skipped until the next start, so that they do not hold up the accounts that are in order.
  const inconsistent = new Set<AccountId>();
  const size = new BatchSize(MOST_ACCOUNTS);
  return {
    name: "expirations",
    intervalMs: 5_000,
    leaseMs: 15_000,
    runBatch: async (signal) => {
      for (const startedAt = performance.now(); ; ) {
        const begunAt = performance.now();
        const { isMore, failures } = await ledger.sweep(size.current, inconsistent);
        const tookMs = performance.now() - begunAt;
        size.took(tookMs);
        for (const [account, error] of failures) {
          log.error({ err: error, account }, "account is inconsistent: run jifen audit --account for it");
          inconsistent.add(account);
        }
        if (!isMore || performance.now() - startedAt > RUN_MS) return { isMore };
        const isStopping = await sleep(tookMs, false, { signal }).catch(() => true);
        if (isStopping) return { isMore };
      }
    },
  };
}
