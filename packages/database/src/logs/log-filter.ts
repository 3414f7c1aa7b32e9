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
  /** The least id. */
  readonly fromId?: string | undefined;
  /** Only ids before this one. */
  readonly beforeId?: string | undefined;
};

/** Logs, newest first: fewer than asked for when as many rows were looked at as a page may. */
export type LogPage = {
  readonly logs: readonly CallLog[];
  /** The last log that was looked at: the next page has ids before it. Undefined at the end. */
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
