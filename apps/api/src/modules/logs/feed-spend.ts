import { setTimeout as sleep } from "node:timers/promises";
import type { Database, LowBalancePolicy } from "@jifen/database";
import type { Job } from "../../jobs/job.ts";

const ACCOUNTS = 200;
/** How long one run works before the lease is renewed. */
const RUN_MS = 2_000;

/**
 * Adds what was charged and refunded to the sums of credits. Sums of a user are exact without it, because what is missing is
 * read from the journal. Callers go first: a pause follows each look for accounts, as long as the look and its work took.
 * The accounts that it comes by are those whose balance can have become low.
 */
export const feedSpendJob = ({ spend }: Pick<Database, "spend">, policy: LowBalancePolicy): Job => ({
  name: "feed sums of credits",
  intervalMs: 5_000,
  leaseMs: 30_000,
  runBatch: async (signal) => {
    for (const startedAt = performance.now(); ; ) {
      const lookedAt = performance.now();
      const accounts = await spend.unfedAccounts(ACCOUNTS);
      for (const account of accounts) {
        if (signal.aborted) return { isMore: true };
        while (await spend.feed(account, policy)) if (signal.aborted) return { isMore: true };
      }
      if (accounts.length < ACCOUNTS) return { isMore: false };
      if (performance.now() - startedAt > RUN_MS) return { isMore: true };
      const isStopping = await sleep(performance.now() - lookedAt, false, { signal }).catch(() => true);
      if (isStopping) return { isMore: true };
    }
  },
});
