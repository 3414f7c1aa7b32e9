import { setTimeout } from "node:timers/promises";
import type { Database } from "@jifen/database";
import type { Logger } from "pino";

const EVERY_MS = 3_600_000;

/** Throws away what says nothing any more, once an hour, until it is stopped. Any number of processes may do so at once. */
export function startHousekeeping({
  database,
  nowMs,
  log,
}: {
  readonly database: Database;
  readonly nowMs: () => number;
  readonly log: Logger;
}): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await database
        .deleteExpired(nowMs())
        .catch((error: unknown) => log.warn({ err: error }, "what is over could not be thrown away; trying again"));
      await setTimeout(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
