import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { User } from "@jifen/database";
import type { Attempt } from "../../../http/rate-limits/login.ts";
import { withAbout } from "../../../http/refusals/about.ts";
import type { Deps } from "../deps.ts";

/** A password to compare with that of a user. */
type PasswordCheck = {
  readonly attempt: Attempt;
  readonly password: string;
  /** undefined for an unknown account. */
  readonly user: User | undefined;
  /** Whether the correct password succeeds, for example not for a suspended user. */
  readonly isActive: boolean;
};

/** From the sixth failure on, refusals are sent in whole seconds after the request. */
const REFUSAL_MS = 1_000;

/** Wrong passwords are remembered by keyed hash, in this process only. */
const fingerprintKey = randomBytes(32);
const fingerprintOf = (password: string, hash: string | null): string =>
  createHmac("sha256", fingerprintKey)
    .update(JSON.stringify([password, hash]))
    .digest("base64url");

/**
 * Compares a password, under the limits for guessing. An unknown account, a wrong password and an inactive user get the
 * same response after the same work.
 * Refuses, in this order: RATE_LIMITED, INVALID_CREDENTIALS.
 */
export async function checkPassword(
  { rateLimits, passwords }: Pick<Deps, "rateLimits" | "passwords">,
  { attempt, password, user, isActive }: PasswordCheck,
): Promise<Outcome<User, Refusal<"RATE_LIMITED" | "INVALID_CREDENTIALS">>> {
  const startedAtMs = performance.now();
  const verdict = await rateLimits.login.begin(attempt);
  if (verdict.isOpen) {
    const hash = user?.passwordHash ?? null;
    const matches = await passwords.matches(password, hash, { ...attempt, isKnown: verdict.isKnown });
    if (user && matches && isActive) {
      await rateLimits.login.succeeded(attempt);
      return ok(user);
    }
    await rateLimits.login.failed(attempt, verdict, fingerprintOf(password, hash));
  }
  // Known origins are compared where others are not. The time must not show which accounts logged in from this address.
  if (verdict.isLimited) await sleep(REFUSAL_MS - ((performance.now() - startedAtMs) % REFUSAL_MS));
  const { retryAfterSeconds } = verdict;
  const { account } = attempt;
  if (retryAfterSeconds === undefined) return refuse(withAbout({ code: "INVALID_CREDENTIALS" }, { account }));
  return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds }, { policy: "login", account }));
}
