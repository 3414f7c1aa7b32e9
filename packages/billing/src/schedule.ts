const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long an order that the provider does not know can still be paid after its end. */
export const GRACE_MS = 5 * MINUTE_MS;

/** How long after its end an unfinished order is given up when the provider cannot be asked about it any more. */
export const GIVE_UP_MS = DAY_MS;

/** When money that came late is looked for after the end of an order. */
const LATE_LOOKS_MS = [GRACE_MS, HOUR_MS, DAY_MS];

/** An order as its schedule sees it. */
export type ScheduledOrder = { readonly createdAtMs: number; readonly expiresAtMs: number };

/**
 * When an unfinished order is asked for at the provider next: every 10 s in its first minute, every 30 s in the next four,
 * then every 5 minutes, at its end, and three times after it. @returns null when there is nothing more to ask
 */
export function nextOrderCheck({ createdAtMs, expiresAtMs }: ScheduledOrder, nowMs: number): number | null {
  if (nowMs >= expiresAtMs) return nextLateLook(expiresAtMs, nowMs);
  const age = nowMs - createdAtMs;
  return Math.min(nowMs + pauseAt(age), expiresAtMs);
}

/** When late money is looked for after the end of an order; null after the last time. */
export function nextLateLook(expiresAtMs: number, nowMs: number): number | null {
  const look = LATE_LOOKS_MS.map((ms) => expiresAtMs + ms).find((atMs) => atMs > nowMs);
  return look ?? null;
}

function pauseAt(ageMs: number): number {
  if (ageMs < MINUTE_MS) return 10 * SECOND_MS;
  return ageMs < 5 * MINUTE_MS ? 30 * SECOND_MS : 5 * MINUTE_MS;
}

/** Twice the pause each time, from `first` to `last`. @param attempts how many there have been, at least 1 */
const growing = (first: number, last: number, attempts: number): number =>
  Math.min(last, first * 2 ** Math.min(attempts - 1, 30));

/** When an accepted payment that is not credited is tried again: at once, then growing to 5 minutes. */
export const nextGrantAttempt = (attempts: number, nowMs: number): number =>
  nowMs + growing(SECOND_MS, 5 * MINUTE_MS, attempts);

/** After so many attempts a payment that is not credited is in the review list too. */
export const GRANT_ATTEMPTS_BEFORE_REVIEW = 10;

/** When a reversal that is not final is looked at again: after a minute, growing to an hour. */
export const nextReversalCheck = (attempts: number, nowMs: number): number =>
  nowMs + growing(MINUTE_MS, HOUR_MS, attempts);

/** How old a reversal that is not final can be before it is in the review list. */
export const REVERSAL_REVIEW_MS = 3 * DAY_MS;

/** When a shortfall is tried once more: every hold of that time has ended. */
export const SHORTFALL_RETRY_MS = 7 * DAY_MS + HOUR_MS;
