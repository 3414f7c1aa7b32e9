import type { JifenError } from "./error.ts";
import { isRepeatable } from "./mutations.ts";

const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 200;
/** A server may ask for more; by then a person has given up or the caller has its own plan. */
const LONGEST_WAIT_MS = 10_000;

/** One call, the attempt that failed (1 is the first) and a random number from 0 to 1. */
type Failed = {
  readonly op: { readonly type: string; readonly path: string };
  readonly error: JifenError;
  readonly attempt: number;
  readonly random: number;
};

/**
 * Milliseconds until the next attempt; undefined when there is none.
 * Doubles from 200 ms, never less than Retry-After, never more than 10 s; up to half of it is chance,
 * so that callers who failed together do not come back together.
 */
export function retryDelayMs({ op, error, attempt, random }: Failed): number | undefined {
  if (attempt > MAX_RETRIES || !mayHelp(op, error)) return undefined;
  const backoffMs = FIRST_DELAY_MS * 2 ** (attempt - 1);
  const askedMs = (error.retryAfterSeconds ?? 0) * 1000;
  return Math.min(Math.max(backoffMs, askedMs) * (1 + random / 2), LONGEST_WAIT_MS);
}

function mayHelp(op: Failed["op"], { code, status }: JifenError): boolean {
  switch (code) {
    case "OVERLOADED":
    case "RATE_LIMITED":
    case "DATABASE_UNAVAILABLE":
      // Certainly nothing was done.
      return true;
    case "OUTCOME_UNKNOWN":
    case "NETWORK_ERROR":
      return isRepeatable(op);
    case "UNEXPECTED_ANSWER":
      // A proxy that cannot reach the server says as much as a broken connection.
      return (status === 502 || status === 503 || status === 504) && isRepeatable(op);
    default:
      return false;
  }
}
