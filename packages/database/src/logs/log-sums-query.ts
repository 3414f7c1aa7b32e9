import type { UserId } from "@jifen/core";
import type { LocalSumsQuery } from "./local-sums.ts";
import type { LogCounts } from "./log-sums.ts";

/** Which sums of logs to read. */
export type LogSumsQuery = LocalSumsQuery & {
  /** All users if left out. */
  readonly userId?: UserId | undefined;
};

/** The sums of a local hour or day, of an action or of all. */
export type LocalLogSums = LogCounts & {
  /** The local hour or day, counted from the epoch. */
  readonly unit: number;
  /** null without `byAction`. */
  readonly action: string | null;
};
