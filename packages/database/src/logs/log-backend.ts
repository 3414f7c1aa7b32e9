import type { UserId } from "@jifen/core";
import type { CallLog, LogKey, NewCallLog } from "./call-log.ts";
import type { LogFilter, LogPage, LogReading } from "./log-filter.ts";
import type { LogRemovals } from "./log-removals.ts";
import type { LogSums } from "./log-sums.ts";
import type { LocalLogSums, LogSumsQuery, OwnersQuery, QuarterCalls, UserLogSums } from "./log-sums-query.ts";

/** One transaction that writes logs. The calls come in this order, each with its rows sorted by key. */
export type LogTransaction = {
  /** Stores which log has each key, unless another log has it. @returns the ids of the logs that were stored */
  claimKeys(keys: readonly LogKey[]): Promise<ReadonlySet<string>>;
  /** Inserts logs that are not stored yet. @returns the ids of the logs that were inserted */
  insertLogs(logs: readonly NewCallLog[]): Promise<ReadonlySet<string>>;
  addSums(sums: LogSums): Promise<void>;
};

/** Logs to insert in one transaction: sorted by their users and keys, at most one for each key. */
export type LogBatch = {
  readonly logs: readonly NewCallLog[];
  /** The part of this process in the sums of all users. */
  readonly part: number;
};

/** What each database does for logs. Every call rejects with DatabaseUnavailable, writes also with OutcomeUnknown. */
export type LogBackend = LogRemovals & {
  /**
   * Stores the keys of logs, inserts those logs whose key is new or that have none, and adds them to the sums, in one durable
   * transaction. A log that is stored already is neither inserted nor counted. Repeats the transaction after a deadlock or a
   * write conflict.
   * @returns the ids of the logs that were inserted
   */
  insert(batch: LogBatch): Promise<ReadonlySet<string>>;
  /** The logs that have these keys. */
  findByKeys(
    keys: readonly Omit<LogKey, "logId">[],
  ): Promise<readonly (CallLog & { readonly idempotencyKey: string })[]>;
  /** One log with all of its details. */
  find(id: string, userId: UserId | undefined): Promise<CallLog | undefined>;
  /** At most `limit` logs; newest first, as lists show them, without `reading`. */
  scan(filter: LogFilter, limit: number, reading?: LogReading): Promise<LogPage>;
  /** How many calls these users have in each quarter of an hour from this one on. */
  quarterCalls(userIds: readonly UserId[], fromQuarter: number): Promise<readonly QuarterCalls[]>;
  /** Sums by local hours or days. */
  sums(query: LogSumsQuery): Promise<readonly LocalLogSums[]>;
  /** Sums of each of these users; of those without logs, none. */
  sumsOfUsers(query: OwnersQuery<UserId>): Promise<readonly UserLogSums[]>;
  /** Whether logs of this time have a place. False only where tables are partitioned by time. */
  hasPlaceFor(timeMs: number): Promise<boolean>;
  /** Makes places for logs of these times, where tables are partitioned by time. */
  makePlacesFor(timesMs: readonly number[]): Promise<void>;
};
