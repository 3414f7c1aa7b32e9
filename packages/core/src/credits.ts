import type { Branded } from "./branded.ts";

/** Whole credits: a safe integer, never negative. */
export type Credits = Branded<number, "Credits">;

/** The most that one command may move: 10^12 credits. */
export const MAX_AMOUNT = 1_000_000_000_000;

/** The most that one account may hold: 10^15 credits, well inside what a double counts exactly. */
export const MAX_BALANCE = 1_000_000_000_000_000;

/** @throws RangeError when `value` is not a whole number from 0 to MAX_BALANCE: a bug in the caller, not a user's mistake. */
export function credits(value: number): Credits {
  if (!Number.isSafeInteger(value) || value < 0 || value > MAX_BALANCE) {
    throw new RangeError(`credits must be a whole number from 0 to ${MAX_BALANCE}, got ${value}`);
  }
  return value as Credits;
}
