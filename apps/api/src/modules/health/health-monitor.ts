import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { type Database, wrapStores } from "@jifen/database";
import { CircuitOpen } from "@jifen/ledger";
import type { Logger } from "pino";

/** The interval between two pings, and the time that a ping may take. Both together must stay within one second. */
const INTERVAL_MS = 250;
const PING_TIMEOUT = { periods: 3, periodMs: 250 };

/** Pings the database in the background and opens a circuit breaker when it stops responding. */
export type HealthMonitor = {
  /**
   * The database behind the circuit breaker. When the circuit opens, pending calls fail immediately (no effect, or outcome
   * unknown). While it is open, new calls fail with CircuitOpen (no effect).
   */
  readonly database: Database;
  readonly isCircuitOpen: () => boolean;
  /** Starts the pings. A process that is starting responds slowly itself, so they do not start earlier. */
  start(): void;
  stop(): void;
};

/**
 * A server that refuses connections does so immediately. A server that hangs sends no answer, and every call would wait for
 * its own timeout: one ping detects that for all of them.
 */
export function monitorDatabase(database: Database, log: Logger): HealthMonitor {
  // Calls to a file never hang: they return or fail immediately.
  if (database.kind === "sqlite")
    return { database, isCircuitOpen: () => false, start: () => undefined, stop: () => undefined };
  const stopping = new AbortController();
  let isOpen = false;
  const setOpen = (now: boolean) => {
    if (isOpen === now || stopping.signal.aborted) return;
    isOpen = now;
    if (now) log.warn("the database does not answer: requests that need it are refused");
    else log.info("the database answers again, or refuses connections");
  };

  const openCircuit = () => {
    if (stopping.signal.aborted) return;
    setOpen(true);
    void database.abortInFlight();
  };

  const check = async () => {
    const answered = new AbortController();
    const isHealthy = database.ping().then(
      () => true,
      () => false,
    );
    void isHealthy.then(() => answered.abort());
    const isLate = await isTimedOut(answered.signal);
    if (isLate) openCircuit();
    // A ping that fails in time closes the circuit as well: calls then fail immediately by themselves.
    if ((await isHealthy) || !isLate) setOpen(false);
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await check();
      await sleep(INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  // A ping of another caller that is answered closes the circuit without waiting for the next check.
  const ping = async () => {
    await database.ping();
    setOpen(false);
  };
  const stores = wrapStores(database, (call) => (...args) => {
    if (isOpen) return Promise.reject(new CircuitOpen("the database does not answer"));
    return call(...args);
  });
  return {
    database: { ...database, ...stores, ping },
    isCircuitOpen: () => isOpen,
    start: () => void run(),
    stop: () => stopping.abort(),
  };
}

/**
 * Waits for an answer until the timeout. When the event loop of this process was blocked, the delay may be its own: the
 * timeout starts again.
 */
async function isTimedOut(answered: AbortSignal): Promise<boolean> {
  for (let periods = 0; periods < PING_TIMEOUT.periods; ) {
    const startedAt = performance.now();
    await sleep(PING_TIMEOUT.periodMs, undefined, { signal: answered }).catch(() => undefined);
    if (answered.aborted) return false;
    periods = performance.now() - startedAt > 2 * PING_TIMEOUT.periodMs ? 0 : periods + 1;
  }
  // Answers that have arrived already are processed first.
  await setImmediate();
  return !answered.aborted;
}
