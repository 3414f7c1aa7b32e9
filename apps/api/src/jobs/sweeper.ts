import { setTimeout } from "node:timers/promises";
import type { AccountId } from "@jifen/core";
import type { Ledger } from "@jifen/ledger";
import type { Logger } from "pino";

/** How long something may have been over before it is booked, on an account that nobody touches. */
const EVERY_MS = 5_000;
const ACCOUNTS_AT_ONCE = 50;

/** Books what time ends, until it is stopped. */
export type Sweeper = {
  /** Lets the page finish that is being booked. */
  stop(): Promise<void>;
};

/**
 * Holds and grants whose time is over are booked whenever somebody touches their account; this books the others.
 * Any number of processes may do so at once.
 */
export function startSweeper({ ledger, log }: { readonly ledger: Ledger; readonly log: Logger }): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Left alone until the next start: nobody who is in order waits for them.
  const broken = new Set<AccountId>();
  let trouble: string | undefined;

  /** @returns whether there may be more. */
  const sweep = async (): Promise<boolean> => {
    try {
      const { isMore, failures } = await ledger.sweep(ACCOUNTS_AT_ONCE, broken);
      for (const [account, error] of failures) {
        log.error({ err: error, account }, "an account is in disorder: run an audit of it");
        broken.add(account);
      }
      if (trouble !== undefined) log.info("what has expired is booked again");
      trouble = undefined;
      return isMore;
    } catch (error) {
      // A database that is away for an hour is one line, not seven hundred.
      const found = error instanceof Error ? error.name : String(error);
      if (found !== trouble) log.warn({ err: error }, "what has expired could not be booked; trying again");
      trouble = found;
      return false;
    }
  };
  const run = async () => {
    while (!signal.aborted) {
      if (await sweep()) continue;
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
