import type { Branded } from "./branded.ts";

/** Whole credits: a safe integer, never negative. */
export type Credits = Branded<number, "Credits">;

/** The maximum amount of one command: 10^12 credits. */
export const MAX_AMOUNT = 1_000_000_000_000;

/** The maximum of one account, held credits included: 10^15. A double represents all integers up to 9 × 10^15 exactly. */
export const MAX_BALANCE = 1_000_000_000_000_000;

/** @throws RangeError when `value` is not a whole number from 0 to MAX_BALANCE: a bug of the caller, not invalid user input. */
export function credits(value: number): Credits {
  if (!Number.isSafeInteger(value) || value < 0 || value > MAX_BALANCE) {
    throw new RangeError(`credits must be a whole number from 0 to ${MAX_BALANCE}, got ${value}`);
  }
  return value as Credits;
}
