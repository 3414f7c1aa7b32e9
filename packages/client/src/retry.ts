import type { JifenError } from "./error.ts";
import { isRetrySafe } from "./mutations.ts";

const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 200;
/** The limit for Retry-After: longer waits are left to the caller. */
const MAX_DELAY_MS = 10_000;

/** One call, the attempt that failed (1 is the first) and a random number from 0 to 1. */
type FailedAttempt = {
  readonly op: { readonly type: string; readonly path: string };
  readonly error: JifenError;
  readonly attempt: number;
  readonly random: number;
};

/**
 * The delay before the next attempt in milliseconds; undefined when the call must not be retried.
 * Exponential from 200 ms, at least Retry-After, at most 10 s, with up to 50 % jitter, so that clients that failed
 * at the same time do not retry at the same time.
 */
export function retryDelayMs({ op, error, attempt, random }: FailedAttempt): number | undefined {
  if (attempt > MAX_RETRIES || !isRetryable(op, error)) return undefined;
  const backoffMs = FIRST_DELAY_MS * 2 ** (attempt - 1);
  const retryAfterMs = (error.retryAfterSeconds ?? 0) * 1000;
  return Math.min(Math.max(backoffMs, retryAfterMs) * (1 + random / 2), MAX_DELAY_MS);
}

function isRetryable(op: FailedAttempt["op"], { code, status }: JifenError): boolean {
  switch (code) {
    case "OVERLOADED":
    case "RATE_LIMITED":
    case "DATABASE_UNAVAILABLE":
      // The server guarantees that the request had no effect.
      return true;
    case "OUTCOME_UNKNOWN":
    case "NETWORK_ERROR":
      return isRetrySafe(op);
    case "UNEXPECTED_RESPONSE":
      // A proxy could not reach the server: the outcome is as unknown as after a lost connection.
      return (status === 502 || status === 503 || status === 504) && isRetrySafe(op);
    default:
      return false;
  }
}
