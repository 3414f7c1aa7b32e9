import type { Finding } from "../health/finding.ts";

/** Runs the doctor one at a time: callers that come while it runs wait for the same result. */
export function oneAtATime(run: () => Promise<readonly Finding[]>): () => Promise<readonly Finding[]> {
  let running: Promise<readonly Finding[]> | undefined;
  return () => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}
