import type { UserId } from "@jifen/core";
import type { LogKey } from "./call-log.ts";

/** What a mark is of: expired logs, the keys of such logs, expired details, the details of deleted users. */
export type LogMarkName = "logs" | "keys" | "details" | "deleted-users";

/** Up to which time, epoch milliseconds and exclusive, something is removed or is being removed. */
export type LogMarks = Readonly<Partial<Record<LogMarkName, number>>>;

/** What one step has removed. */
export type RemovedLogs = {
  readonly logs: number;
  /** Partitions that were dropped as a whole. */
  readonly months: number;
  /** Whether another step would remove more. */
  readonly isMore: boolean;
};

/** Logs in the order of their ids, of one user or of all. */
export type DetailsRange = {
  readonly userId?: UserId | undefined;
  /** Only ids after this one. */
  readonly afterId: string;
  /** Only ids before this one. */
  readonly beforeId: string;
  /** How many logs one step looks at. */
  readonly limit: number;
};

/** The details that one step has removed, and where the next one begins; undefined at the end. */
export type RemovedDetails = { readonly details: number; readonly lastId: string | undefined };

/** The place of a key in the order of all keys. */
export type KeyPlace = Pick<LogKey, "userId" | "idempotencyKey">;

/** Consecutive keys, whose logs have ids before this one. */
export type KeyRange = { readonly after: KeyPlace | undefined; readonly to: KeyPlace; readonly beforeId: string };

/** What each database does to remove logs. Every call is a short statement, or a few, which callers hardly wait for. */
export type LogRemovals = {
  /** Whether logs are removed by whole months. */
  readonly removesMonths: boolean;
  readMarks(): Promise<LogMarks>;
  /** Moves a mark forward. */
  moveMark(name: LogMarkName, toMs: number): Promise<void>;
  /** Removes some logs that count before this time: one whole month, or a few logs, oldest first. */
  removeLogs(beforeMs: number): Promise<RemovedLogs>;
  /** Sets the details of some logs to null. */
  removeDetails(range: DetailsRange): Promise<RemovedDetails>;
  /** Keys in their order. */
  listKeys(after: KeyPlace | undefined, limit: number): Promise<readonly LogKey[]>;
  /** @returns how many were removed */
  removeKeys(range: KeyRange): Promise<number>;
  /** Which logs have these keys, whether they exist or not. */
  storedKeys(keys: readonly KeyPlace[]): Promise<readonly LogKey[]>;
  /** Removes these keys, unless they have another log by now. */
  releaseKeys(keys: readonly LogKey[]): Promise<void>;
};
