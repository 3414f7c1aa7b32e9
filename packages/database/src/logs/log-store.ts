import { setImmediate, setTimeout } from "node:timers/promises";
import type { UserId } from "@jifen/core";
import type { CallLog, NewCallLog } from "./call-log.ts";
import type { LogBackend } from "./log-backend.ts";
import type { LogFilter, LogPage } from "./log-filter.ts";
import { keptFilter, keptFrom, keptLog, type LogKeeping, withKeptDetails } from "./log-keeping.ts";
import { PARTS } from "./log-parts.ts";
import { createLogQueue } from "./log-queue.ts";
import type { DetailsRange, KeyPlace, LogMarkName, LogMarks, RemovedDetails, RemovedLogs } from "./log-removals.ts";
import type { LocalLogSums, LogSumsQuery, OwnersQuery, QuarterCalls, UserLogSums } from "./log-sums-query.ts";
import { idBound, isLogId, monthOf } from "./months.ts";
import { writeKeptLogs } from "./write-kept-logs.ts";
import { withoutKey, writeLogs } from "./write-logs.ts";

/** The maximum number of logs in a batch. */
const MAX_BATCH = 500;

/** How many months after the present one get a place for their logs. */
const MONTHS_AHEAD = 3;
/** Fewer than this many months with a place are a reason to warn. */
const MONTHS_NEEDED = 2;
/** More months than these are not counted. */
const MAX_MONTHS_COUNTED = 12;

/** How late a caller can report a call that counts at its own time: 31 days. */
export const MAX_LATE_MS = 31 * 86_400_000;

/** Times in the months whose logs need a place now. On 1 March a call of 31 days ago was in January. */
export const monthsToPlace = (nowMs: number): readonly number[] =>
  Array.from({ length: MONTHS_AHEAD + 3 }, (_, at) => monthOf(nowMs, at - 2))
    .filter(({ endMs }) => endMs > nowMs - MAX_LATE_MS)
    .map(({ beginMs }) => beginMs);

/** How many keys one step looks at. */
const KEYS = 500;

/**
 * The call log. Logs that have expired are never found, and their keys are free. Every method rejects with
 * DatabaseUnavailable when the database cannot be reached.
 */
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
  /** The same, oldest first, with details of any size or with none. */
  listOldest(filter: LogFilter, limit: number, details: "all" | "none"): Promise<LogPage>;
  /**
   * How many logs these users have that count in each quarter of an hour from `fromQuarter` on; quarters without logs are left
   * out. It grows in the transaction that writes a log, so a number that is unchanged means that no log is new.
   */
  quarterCalls(userIds: readonly UserId[], fromQuarter: number): Promise<readonly QuarterCalls[]>;
  /** Sums of logs by local hours or days, of a user or of all. Hours and days without logs are left out. */
  sums(query: LogSumsQuery): Promise<readonly LocalLogSums[]>;
  /** Sums of each of these users, 200 at most; of those without logs, none. */
  sumsOfUsers(query: OwnersQuery<UserId>): Promise<readonly UserLogSums[]>;
  /** How many logs of this process wait to be written. */
  waiting(): Promise<number>;
  /** Whether logs of this and the next two months have a place. */
  hasPlacesAhead(nowMs: number): Promise<boolean>;
  /** How many months after the present one have a place, 12 at most; undefined where tables are not partitioned. */
  monthsAhead(nowMs: number): Promise<number | undefined>;
  /** Makes places for the logs of this and the next months, and of these times. */
  makePlaces(nowMs: number, timesMs?: readonly number[]): Promise<void>;
  /** Up to which times what was removed. */
  marks(): Promise<LogMarks>;
  /** Remembers that something is removed up to this time. Marks move forward only. */
  moveMark(name: LogMarkName, toMs: number): Promise<void>;
  /**
   * Removes some of the logs that count before this time, after it has moved their mark: on PostgreSQL and MySQL a month that
   * ends before the time, as a whole, otherwise 200 logs. Sums stay. Logs can be written meanwhile.
   */
  removeLogs(beforeMs: number): Promise<RemovedLogs>;
  /** Sets the details of some logs to null. */
  removeDetails(range: DetailsRange): Promise<RemovedDetails>;
  /**
   * Looks at 500 keys, in their order, and removes those whose logs count before this time.
   * @returns where the next step begins; undefined at the end
   */
  removeKeys(
    beforeMs: number,
    after?: KeyPlace,
  ): Promise<{ readonly keys: number; readonly last: KeyPlace | undefined }>;
};

/** A batch that was written, or failed. */
export type WrittenBatch = { readonly logs: number; readonly seconds: number };

/** How the logs of a database are opened. */
export type LogOptions = {
  /** For ever if left out. */
  readonly keeping?: LogKeeping | undefined;
  /** Called after each batch. */
  readonly onBatch?: ((batch: WrittenBatch) => void) | undefined;
};

/** What differs between the databases. */
type LogStoreOptions = LogOptions & {
  /** How many batches are written concurrently. */
  readonly lanes: number;
  readonly maxBatch?: number;
  /** How many processes add to the sums of all users without waiting for each other. */
  readonly parts?: number;
};

/** A backend that writes a whole batch in one call. */
export type BatchLogBackend = Omit<LogBackend, "insert"> & {
  /** Writes a batch as `writeLogs` does. */
  write(part: number, logs: readonly NewCallLog[]): Promise<readonly (CallLog | undefined)[]>;
};

/** The call log on any database. */
export const createLogStore = (backend: LogBackend, options: LogStoreOptions): LogStore =>
  createBatchLogStore({ ...backend, write: (part, logs) => writeLogs(backend, part, logs) }, options);

/** The call log on a backend that writes a whole batch in one call. */
export function createBatchLogStore(
  backend: BatchLogBackend,
  { lanes, maxBatch = MAX_BATCH, parts = PARTS, keeping = {}, onBatch }: LogStoreOptions,
): LogStore {
  // Two processes that have the same part wait for each other's sums.
  const part = Math.floor(Math.random() * parts);
  const from = () => keptFrom(keeping, (keeping.nowMs ?? Date.now)());
  const writer = { ...backend, write: (logs: readonly NewCallLog[]) => backend.write(part, logs) };
  const queue = createLogQueue({
    ...{ lanes, maxBatch },
    write: async (logs) => {
      const [{ logsMs }, startedAt] = [from(), performance.now()];
      try {
        return await writeKeptLogs(writer, logs, logsMs === undefined ? undefined : idBound(logsMs));
      } finally {
        onBatch?.({ logs: logs.length, seconds: (performance.now() - startedAt) / 1_000 });
      }
    },
    wait: async (ms) => void (await (ms === 0 ? setImmediate() : setTimeout(ms))),
  });
  return {
    write: (logs) => {
      const bounds = from();
      return queue.write(logs.map((log) => withKeptDetails(log, bounds)));
    },
    find: async (id, userId) => (isLogId(id) ? keptLog(await backend.find(id, userId), from()) : undefined),
    findByKey: async (userId, idempotencyKey) => {
      const [found] = await backend.findByKeys([{ userId, idempotencyKey }]);
      return keptLog(found && withoutKey(found), from());
    },
    list: async (filter, limit) => {
      const bounds = from();
      const page = await backend.scan(keptFilter(filter, bounds), limit);
      return { ...page, logs: page.logs.map((log) => withKeptDetails(log, bounds)) };
    },
    listOldest: async (filter, limit, details) => {
      const bounds = from();
      const page = await backend.scan(keptFilter(filter, bounds), limit, { order: "oldest first", details });
      return { ...page, logs: page.logs.map((log) => withKeptDetails(log, bounds)) };
    },
    quarterCalls: (userIds, fromQuarter) => backend.quarterCalls(userIds, fromQuarter),
    sums: (query) => backend.sums(query),
    sumsOfUsers: (query) => backend.sumsOfUsers(query),
    waiting: async () => queue.waiting(),
    ...createPlaces(backend),
    ...createRemovals(backend),
  };
}

type Places = Pick<LogStore, "makePlaces" | "hasPlacesAhead" | "monthsAhead">;

function createPlaces(backend: Pick<BatchLogBackend, "makePlacesFor" | "hasPlaceFor" | "removesMonths">): Places {
  const monthsAhead = async (nowMs: number): Promise<number> => {
    for (let ahead = 0; ahead <= MAX_MONTHS_COUNTED; ahead += 1) {
      if (!(await backend.hasPlaceFor(monthOf(nowMs, ahead).beginMs))) return ahead - 1;
    }
    return MAX_MONTHS_COUNTED;
  };
  return {
    makePlaces: (nowMs, timesMs = []) => backend.makePlacesFor([...monthsToPlace(nowMs), ...timesMs]),
    hasPlacesAhead: async (nowMs) => (await monthsAhead(nowMs)) >= MONTHS_NEEDED,
    monthsAhead: async (nowMs) => (backend.removesMonths ? Math.max(0, await monthsAhead(nowMs)) : undefined),
  };
}

type Removals = Pick<LogStore, "marks" | "moveMark" | "removeLogs" | "removeDetails" | "removeKeys">;

function createRemovals(backend: BatchLogBackend): Removals {
  return {
    marks: () => backend.readMarks(),
    moveMark: (name, toMs) => backend.moveMark(name, toMs),
    removeLogs: async (timeMs) => {
      const beforeMs = backend.removesMonths ? monthOf(timeMs).beginMs : timeMs;
      // First, so that an audit never takes a removed log for a lost one.
      await backend.moveMark("logs", beforeMs);
      return backend.removeLogs(beforeMs);
    },
    removeDetails: (range) => backend.removeDetails(range),
    removeKeys: async (beforeMs, after) => {
      const keys = await backend.listKeys(after, KEYS);
      const [last, beforeId] = [keys.at(-1), idBound(beforeMs)];
      const isAny = keys.some(({ logId }) => logId < beforeId);
      const removed = last && isAny ? await backend.removeKeys({ after, to: last, beforeId }) : 0;
      return { keys: removed, last: keys.length < KEYS ? undefined : last };
    },
  };
}

/**
 * Makes places for logs when a database is opened. Without the right to make them credits work all the same: a job tries again
 * and reports it.
 */
export const placeLogs = (logs: Pick<LogStore, "makePlaces">): Promise<void> =>
  logs.makePlaces(Date.now()).catch(() => undefined);
