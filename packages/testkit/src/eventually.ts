import { setTimeout as sleep } from "node:timers/promises";

/** How long one address of a cluster can take until it shows what was written at another. */
const WITHIN_MS = 5_000;

/** Repeats `work` until it succeeds. @throws its error when it fails for five seconds */
export async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (const endsAt = Date.now() + WITHIN_MS; ; await sleep(100)) {
    try {
      return void (await work());
    } catch (error) {
      if (Date.now() > endsAt) throw error;
    }
  }
}
