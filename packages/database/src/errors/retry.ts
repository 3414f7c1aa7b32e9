import { DatabaseUnavailable } from "@jifen/ledger";
import { isDeadlock } from "./failure.ts";

const MAX_ATTEMPTS = 5;

/**
 * Tries again what the database undid because two transactions waited for each other.
 * @throws DatabaseUnavailable when others were first every time, and whatever else `attempt` throws.
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
      if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("others were always first", { cause: error });
    }
  }
}
