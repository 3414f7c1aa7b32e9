import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { Logger } from "pino";

/** How often the database is asked whether it is there, and how long it may take to say so. */
const EVERY_MS = 1_000;
const PATIENCE_MS = 1_000;

/** A database that is asked all the time whether it is there. */
export type DatabaseWatch = {
  /** The same; while it is known not to answer, whoever wants something is told at once, and nothing is done. */
  readonly database: Database;
  /** Whether it is known not to answer. */
  readonly isAway: () => boolean;
  stop(): void;
};

/**
 * A server that refuses connections says so at once. One that has stopped where it stood says nothing, and every question
 * would wait for its own timeout; so one question waits for all of them.
 */
export function watchDatabase(database: Database, log: Logger): DatabaseWatch {
  // A file answers at once or fails at once.
  if (database.kind === "sqlite") return { database, isAway: () => false, stop: () => undefined };
  const stopping = new AbortController();
  let isAway = false;
  const say = (now: boolean) => {
    if (isAway === now || stopping.signal.aborted) return;
    isAway = now;
    if (now) log.warn("the database does not answer: requests that need it are turned away");
    else log.info("the database answers again, or refuses connections");
  };

  const ask = async () => {
    let isAnswered = false;
    // What has already arrived is heard first: this process may have been the one that was late.
    const late = setTimeout(() => setImmediate(() => !isAnswered && say(true)), PATIENCE_MS);
    const began = performance.now();
    const hasAnswered = await database.ping().then(
      () => true,
      () => performance.now() - began < PATIENCE_MS,
    );
    isAnswered = true;
    clearTimeout(late);
    say(!hasAnswered);
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await ask();
      await sleep(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  void run();
  return {
    database: turningAway(database, () => isAway),
    isAway: () => isAway,
    stop: () => stopping.abort(),
  };
}

const stores = ["users", "links", "keys", "auditLog", "counters", "ledger", "history", "logs", "audit"] as const;

function turningAway(database: Database, isAway: () => boolean): Database {
  const guarded = stores.map((name) => [name, guardedStore(database[name], isAway)]);
  return { ...database, ...Object.fromEntries(guarded) };
}

type Ask = (...args: readonly unknown[]) => Promise<unknown>;

/** Every question that can be asked of a store. */
function guardedStore(store: object, isAway: () => boolean): object {
  const guard =
    (ask: Ask): Ask =>
    (...args) =>
      isAway() ? Promise.reject(new DatabaseUnavailable("the database does not answer")) : ask(...args);
  return Object.fromEntries(Object.entries(store).map(([name, ask]) => [name, guard(ask as Ask)]));
}
