import type { JifenError } from "../error.ts";

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** A connection that failed, how many failed since the last one that sent something, and a random number from 0 to 1. */
type FailedConnection = { readonly error: JifenError; readonly failures: number; readonly random: number };

/**
 * The delay before the next connection in milliseconds; undefined when it would fail as well. Exponential from 500 ms to 30 s, half
 * of it at random, at least Retry-After.
 */
export function reconnectDelayMs({ error, failures, random }: FailedConnection): number | undefined {
  if (!mayReconnect(error, failures)) return undefined;
  const backoffMs = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS);
  return Math.max(backoffMs * (0.5 + random / 2), (error.retryAfterSeconds ?? 0) * 1_000);
}

function mayReconnect({ code, status }: JifenError, failures: number): boolean {
  switch (code) {
    case "OVERLOADED":
    case "RATE_LIMITED":
    case "DATABASE_UNAVAILABLE":
    case "NETWORK_ERROR":
      return true;
    case "INTERNAL_ERROR":
      return true;
    case "UNAUTHENTICATED":
      // The session may have ended since the token was read: `getToken` is called again, once.
      return failures === 1;
    case "UNEXPECTED_RESPONSE":
      // A proxy that cannot reach the server, or ended the response.
      return status === undefined || status >= 500 || status === 429;
    default:
      return false;
  }
}
