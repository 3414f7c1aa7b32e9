import type { Role } from "@jifen/contract";
import { DURATION_SECONDS } from "../../../settings/values.ts";

/** How long sessions of browsers last. */
export type Lifetimes = {
  /** Of an end user, from the log-in. */
  readonly userSeconds: number;
  /** Of staff, from the last use. */
  readonly staffSeconds: number;
};

/** How long a session of staff lasts at most, from the log-in. */
const STAFF_LIMIT_MS = 7 * DURATION_SECONDS.d * 1_000;

/** How long after the password was given the acts are allowed that need it. */
const CONFIRMATION_MS = 15 * DURATION_SECONDS.m * 1_000;

/** Until when acts that need the password again are allowed. */
export const confirmedUntilMs = (confirmedAtMs: number): number => confirmedAtMs + CONFIRMATION_MS;

/** A session of which the token was issued then. */
type Begun = { readonly role: Role; readonly signedInAtMs: number; readonly issuedAtMs: number };

/** When the token of a session expires, and when its last renewal does. The role counts that the user has now. */
export function lifeOf(
  { role, signedInAtMs, issuedAtMs }: Begun,
  { userSeconds, staffSeconds }: Lifetimes,
): { readonly expiresAtMs: number; readonly endsAtMs: number } {
  if (role === "user") {
    const endsAtMs = signedInAtMs + userSeconds * 1_000;
    return { expiresAtMs: endsAtMs, endsAtMs };
  }
  const endsAtMs = signedInAtMs + STAFF_LIMIT_MS;
  return { expiresAtMs: Math.min(issuedAtMs + staffSeconds * 1_000, endsAtMs), endsAtMs };
}

/** The longest time from a log-in to the end of its session, whatever the role of the user. */
export const longestSeconds = ({ userSeconds }: Lifetimes): number => Math.max(userSeconds, STAFF_LIMIT_MS / 1_000);
