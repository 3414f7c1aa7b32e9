import type { UserId } from "@jifen/core";

/** One API call as its caller reported it. Only its details are ever removed. */
export type CallLog = {
  readonly userId: UserId;
  /** `log-` and a UUID of version 7, whose time is `countedAtMs`. */
  readonly id: string;
  /** The time at which the log counts: lists, ranges, partitions and sums go by it. */
  readonly countedAtMs: number;
  readonly action: string;
  readonly success: boolean;
  readonly durationMs: number | null;
  /** The transaction or the hold that the caller named. */
  readonly subjectId: string | null;
  /** The caller's own id of the job. */
  readonly reference: string | null;
  /** JSON text; null once the details have expired, and in a list when they are large. */
  readonly details: string | null;
  /** UTF-8 bytes of the details. */
  readonly detailsBytes: number;
  /** The caller's clock. */
  readonly occurredAtMs: number;
  /** The server's clock. */
  readonly createdAtMs: number;
};

/** A log to write. */
export type NewCallLog = CallLog & {
  /** null when the caller sent none. */
  readonly idempotencyKey: string | null;
  /** An id of the time of its arrival, which the log gets when the database has no place for logs of its own time. */
  readonly arrivalId: string;
};

/** An idempotency key of a user, and the log that has it. */
export type LogKey = { readonly userId: UserId; readonly idempotencyKey: string; readonly logId: string };
