import { setImmediate, setTimeout } from "node:timers/promises";
import type { UserId } from "@jifen/core";
import type { CallLog, NewCallLog } from "./call-log.ts";
import type { LogBackend } from "./log-backend.ts";
import type { LogFilter, LogPage } from "./log-filter.ts";
import { PARTS } from "./log-parts.ts";
import { createLogQueue } from "./log-queue.ts";
import type { LocalLogSums, LogSumsQuery } from "./log-sums-query.ts";
import { isLogId, monthOf } from "./months.ts";
import { withoutKey, writeLogs } from "./write-logs.ts";

/** The maximum number of logs in a batch. */
const MAX_BATCH = 500;

/** How many months after the present one get a place for their logs. */
const MONTHS_AHEAD = 3;
/** Fewer than this many months with a place are a reason to warn. */
const MONTHS_NEEDED = 2;

/** Times in the months whose logs need a place now: callers report calls late. */
export const monthsToPlace = (nowMs: number): readonly number[] =>
  Array.from({ length: MONTHS_AHEAD + 2 }, (_, at) => monthOf(nowMs, at - 1).beginMs);

/** The call log. Every method rejects with DatabaseUnavailable when the database cannot be reached. */
export type LogStore = {
  /**
   * Writes logs, once per idempotency key of a user, durably, together with their sums. Logs of concurrent calls share
   * transactions.
   * @returns the stored log of each: itself, or an earlier one under the same key
   * @throws Overloaded, DatabaseUnavailable (none of those that fail is written), OutcomeUnknown (a repeated call with the
   * same keys returns the definite outcome)
   */
  write(logs: readonly NewCallLog[]): Promise<readonly CallLog[]>;
  /** One log with all of its details. @param userId of this user only, if given */
  find(id: string, userId?: UserId): Promise<CallLog | undefined>;
  /** The log of a user under an idempotency key, with all of its details. */
  findByKey(userId: UserId, idempotencyKey: string): Promise<CallLog | undefined>;
  /** At most `limit` logs, newest first: fewer, or none, when a page looked at as many rows as it may. */
  list(filter: LogFilter, limit: number): Promise<LogPage>;
  /** Sums of logs by local hours or days, of a user or of all. Hours and days without logs are left out. */
  sums(query: LogSumsQuery): Promise<readonly LocalLogSums[]>;
  /** How many logs of this process wait to be written. */
  waiting(): Promise<number>;
  /** Whether logs of this and the next two months have a place. */
  hasPlacesAhead(nowMs: number): Promise<boolean>;
  /** Makes places for the logs of this and the next months, and of these times. */
  makePlaces(nowMs: number, timesMs?: readonly number[]): Promise<void>;
};

/** What differs between the databases. */
type LogStoreOptions = {
  /** How many batches are written concurrently. */
  readonly lanes: number;
  readonly maxBatch?: number;
  /** How many processes add to the sums of all users without waiting for each other. */
  readonly parts?: number;
};

/** A backend that writes a whole batch in one call. */
export type BatchLogBackend = Omit<LogBackend, "transaction"> & {
  /** Writes a batch as `writeLogs` does. */
  write(part: number, logs: readonly NewCallLog[]): Promise<readonly CallLog[]>;
};

/** The call log on any database. */
export const createLogStore = (backend: LogBackend, options: LogStoreOptions): LogStore =>
  createBatchLogStore({ ...backend, write: (part, logs) => writeLogs(backend, part, logs) }, options);

/** The call log on a backend that writes a whole batch in one call. */
export function createBatchLogStore(
  backend: BatchLogBackend,
  { lanes, maxBatch = MAX_BATCH, parts = PARTS }: LogStoreOptions,
): LogStore {
  // Two processes that have the same part wait for each other's sums.
  const part = Math.floor(Math.random() * parts);
  const queue = createLogQueue({
    ...{ lanes, maxBatch },
    write: (logs) => backend.write(part, logs),
    wait: async (ms) => void (await (ms === 0 ? setImmediate() : setTimeout(ms))),
  });
  return {
    write: (logs) => queue.write(logs),
    find: async (id, userId) => (isLogId(id) ? backend.find(id, userId) : undefined),
    findByKey: async (userId, idempotencyKey) => {
      const [found] = await backend.findByKeys([{ userId, idempotencyKey }]);
      return found && withoutKey(found);
    },
    list: (filter, limit) => backend.scan(filter, limit),
    sums: (query) => backend.sums(query),
    waiting: async () => queue.waiting(),
    makePlaces: (nowMs, timesMs = []) => backend.makePlacesFor([...monthsToPlace(nowMs), ...timesMs]),
    hasPlacesAhead: async (nowMs) => {
      const months = Array.from({ length: MONTHS_NEEDED + 1 }, (_, at) => monthOf(nowMs, at).beginMs);
      return (await Promise.all(months.map((timeMs) => backend.hasPlaceFor(timeMs)))).every(Boolean);
    },
  };
}

/**
 * Makes places for logs when a database is opened. Without the right to make them credits work all the same: a job tries again
 * and reports it.
 */
export const placeLogs = (logs: Pick<LogStore, "makePlaces">): Promise<void> =>
  logs.makePlaces(Date.now()).catch(() => undefined);
