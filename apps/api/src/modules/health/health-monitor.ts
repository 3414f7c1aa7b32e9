import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@jifen/database";
import { CircuitOpen } from "@jifen/ledger";
import type { Logger } from "pino";

/**
 * How often the database is asked whether it is there, and how long it may take to say so: together no more than the
 * second within which everybody is to be answered.
 */
const EVERY_MS = 250;
const PATIENCE = { turns: 3, turnMs: 250 };

/** A database that is asked all the time whether it is there. */
export type HealthMonitor = {
  /**
   * The same. Once it is known not to answer, whoever waits is told at once what is known of it, and whoever comes that
   * nothing was done.
   */
  readonly database: Database;
  /** Whether it is known not to answer. */
  readonly isAway: () => boolean;
  /** Begins to ask. Until then everybody waits: a process that is starting is late itself. */
  start(): void;
  stop(): void;
};

/**
 * A server that refuses connections says so at once. One that has stopped where it stood says nothing, and every question
 * would wait for its own timeout; so one question waits for all of them.
 */
export function monitorDatabase(database: Database, log: Logger): HealthMonitor {
  // A file answers at once or fails at once.
  if (database.kind === "sqlite")
    return { database, isAway: () => false, start: () => undefined, stop: () => undefined };
  const stopping = new AbortController();
  let isAway = false;
  const say = (now: boolean) => {
    if (isAway === now || stopping.signal.aborted) return;
    isAway = now;
    if (now) log.warn("the database does not answer: requests that need it are turned away");
    else log.info("the database answers again, or refuses connections");
  };

  const abortInFlight = () => {
    if (stopping.signal.aborted) return;
    say(true);
    void database.abortInFlight();
  };

  const ask = async () => {
    const answered = new AbortController();
    const isThere = database.ping().then(
      () => true,
      () => false,
    );
    void isThere.then(() => answered.abort());
    const isLate = await patience(answered.signal);
    if (isLate) abortInFlight();
    // One that refuses connections says so at once, and to everybody.
    if ((await isThere) || !isLate) say(false);
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await ask();
      await sleep(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  // Whoever hears it answer is right, and need not wait until it is asked here again.
  const ping = async () => {
    await database.ping();
    say(false);
  };
  return {
    database: { ...turningAway(database, () => isAway), ping },
    isAway: () => isAway,
    start: () => void run(),
    stop: () => stopping.abort(),
  };
}

/**
 * @returns whether it has lasted so long without an answer; a process that did not get its own turn in time cannot tell who
 * was late, and begins again.
 */
async function patience(answered: AbortSignal): Promise<boolean> {
  for (let turns = 0; turns < PATIENCE.turns; ) {
    const began = performance.now();
    await sleep(PATIENCE.turnMs, undefined, { signal: answered }).catch(() => undefined);
    if (answered.aborted) return false;
    turns = performance.now() - began > 2 * PATIENCE.turnMs ? 0 : turns + 1;
  }
  // What has already arrived is heard first.
  await setImmediate();
  return !answered.aborted;
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
      isAway() ? Promise.reject(new CircuitOpen("the database does not answer")) : ask(...args);
  return Object.fromEntries(Object.entries(store).map(([name, ask]) => [name, guard(ask as Ask)]));
}
