import type { UserId } from "@jifen/core";
import type { LocalSumsQuery } from "./local-sums.ts";
import type { LogCounts } from "./log-sums.ts";

/** Which sums of logs to read. */
export type LogSumsQuery = LocalSumsQuery<"calls" | "failures" | "timed"> & {
  /** All users if left out. */
  readonly userId?: UserId | undefined;
};

/** The sums of a local hour or day, of an action or of all. */
export type LocalLogSums = LogCounts & {
  /** The local hour or day, counted from the epoch. */
  readonly unit: number;
  /** null without `byAction`, and for those that are not named. */
  readonly action: string | null;
};

/** How many logs of a user count in a quarter of an hour. */
export type QuarterCalls = {
  readonly userId: UserId;
  /** Its number since the epoch. */
  readonly quarter: number;
  readonly calls: number;
};

/** How many users or accounts one statement reads. */
export const MAX_OWNERS = 200;

/** Which sums of several users to read, at most `MAX_OWNERS` of them. */
export type OwnersQuery<Owner extends string> = {
  readonly owners: readonly Owner[];
  /** Numbers of quarters since the epoch, `toQuarter` exclusive. */
  readonly fromQuarter: number;
  readonly toQuarter: number;
  /** Of this action only. */
  readonly action?: string | undefined;
};

/** The sums of one user. */
export type UserLogSums = LogCounts & { readonly userId: UserId };
