import { setTimeout as sleep } from "node:timers/promises";
import { timeLimit } from "./time-limit.ts";

/** Jobs run every five seconds, and a busy machine delays them: only a failure waits for as long as this. */
const WITHIN_MS = timeLimit(30);

/** Repeats `work` until it succeeds. @throws its error when it fails for thirty seconds */
export async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (const endsAt = Date.now() + WITHIN_MS; ; await sleep(100)) {
    try {
      return void (await work());
    } catch (error) {
      if (Date.now() > endsAt) throw error;
    }
  }
}
