import type { UserId } from "@jifen/core";
import type { CallLog, LogKey, NewCallLog } from "./call-log.ts";
import type { LogFilter, LogPage } from "./log-filter.ts";
import type { LogSums } from "./log-sums.ts";
import type { LocalLogSums, LogSumsQuery } from "./log-sums-query.ts";

/** One transaction that writes logs. The calls come in this order, each with its rows sorted by key. */
export type LogTransaction = {
  /** Stores which log has each key, unless another log has it. @returns the ids of the logs that were stored */
  claimKeys(keys: readonly LogKey[]): Promise<ReadonlySet<string>>;
  /** Inserts logs that are not stored yet. @returns the ids of the logs that were inserted */
  insertLogs(logs: readonly NewCallLog[]): Promise<ReadonlySet<string>>;
  addSums(sums: LogSums): Promise<void>;
};

/** What each database does for logs. Every call rejects with DatabaseUnavailable, writes also with OutcomeUnknown. */
export type LogBackend = {
  /** Runs `work` in one durable transaction, again after a deadlock or a write conflict. */
  transaction<Result>(work: (tx: LogTransaction) => Promise<Result>): Promise<Result>;
  /** The logs that have these keys. */
  findByKeys(
    keys: readonly Omit<LogKey, "logId">[],
  ): Promise<readonly (CallLog & { readonly idempotencyKey: string })[]>;
  /** One log with all of its details. */
  find(id: string, userId: UserId | undefined): Promise<CallLog | undefined>;
  /** At most `limit` logs. Details above `MAX_LISTED_DETAILS_BYTES` are null. */
  scan(filter: LogFilter, limit: number): Promise<LogPage>;
  /** Sums by local hours or days. */
  sums(query: LogSumsQuery): Promise<readonly LocalLogSums[]>;
  /** Whether logs of this time have a place. False only where tables are partitioned by time. */
  hasPlaceFor(timeMs: number): Promise<boolean>;
  /** Makes places for logs of these times, where tables are partitioned by time. */
  makePlacesFor(timesMs: readonly number[]): Promise<void>;
};
