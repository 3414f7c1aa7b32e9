import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";
import { isDeadlock } from "./failure.ts";

const MAX_ATTEMPTS = 10;
/** From the third attempt on, it waits up to this long times the attempts so far: on a cluster, each loses to other nodes. */
const MAX_PAUSE_MS = 20;

/**
 * Retries after deadlocks and serialization failures.
 * @throws DatabaseUnavailable after too many of them, and whatever else `attempt` throws
 */
export async function retryingDeadlocks<Result>(
  attempt: () => Promise<Result>,
  isRetried: (error: unknown) => boolean = isDeadlock,
): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetried(error)) throw error;
      if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("too many write conflicts", { cause: error });
      if (attempts > 1) await sleep(Math.random() * MAX_PAUSE_MS * attempts);
    }
  }
}
