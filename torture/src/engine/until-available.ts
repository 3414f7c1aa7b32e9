import { setTimeout } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";

const MAX_ATTEMPTS = 20;
const PAUSE_MS = 100;

/**
 * Repeats what had no effect because the database was too busy, as clients do: on a loaded machine, a process can wait longer
 * for the rows of another one than the time limit for locks. A request that had an effect after all is found by the checks.
 */
export async function untilAvailable<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || attempts === MAX_ATTEMPTS) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}
