import type { UserId } from "@jifen/core";
import type { CallLog } from "./call-log.ts";

/** Which logs to find. A condition that is undefined is left out. */
export type LogFilter = {
  readonly userId?: UserId | undefined;
  readonly action?: string | undefined;
  readonly success?: boolean | undefined;
  readonly subjectId?: string | undefined;
  readonly reference?: string | undefined;
  /** Found as it is written, anywhere in the details. */
  readonly text?: string | undefined;
  /** Only logs that arrived at or after this time, by the clock of the server that they came to. Epoch milliseconds. */
  readonly receivedFromMs?: number | undefined;
  /** The least id. */
  readonly fromId?: string | undefined;
  /** Only ids before this one. */
  readonly beforeId?: string | undefined;
  /** Only ids after this one. */
  readonly afterId?: string | undefined;
};

/** The order of a page, and what it shows of the details: `small` ones only, those of any size, or none. */
export type LogReading = {
  readonly order: "newest first" | "oldest first";
  readonly details: "small" | "all" | "none";
};

/** How lists read. */
export const listing: LogReading = { order: "newest first", details: "small" };

/** Logs in order: fewer than asked for when as many rows were looked at as a page may. */
export type LogPage = {
  readonly logs: readonly CallLog[];
  /** The last log that was looked at: the next page has the ids behind it. Undefined at the end. */
  readonly lastId: string | undefined;
};

/** Lists show details up to this size. */
export const MAX_LISTED_DETAILS_BYTES = 4_096;

/**
 * How a text can stand in details, which are JSON: as it is, when it is a part of the JSON, or escaped. A control character is
 * never there as it is, and some databases refuse it.
 */
export function textsToFind(text: string): readonly string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escaped === text || /\p{Cc}/u.test(text) || !text.isWellFormed() ? [escaped] : [text, escaped];
}

/**
 * The end of a page that looked at as many rows as it may. The end is read after the rows: logs that arrived meanwhile move it
 * towards the newest, but the next page must not begin before a log that this one shows.
 */
export function pageEndOf(logs: readonly CallLog[], endId: string | undefined): string | undefined {
  const last = logs.at(-1)?.id;
  return endId !== undefined && last !== undefined && last < endId ? last : endId;
}
