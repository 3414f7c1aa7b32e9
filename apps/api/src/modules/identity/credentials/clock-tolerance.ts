/**
 * How far the clocks of the site, of other replicas and of this server can differ: a token is accepted this much before it
 * begins and after it expires. Whether a session was ended is compared exactly.
 */
export const CLOCK_TOLERANCE_SECONDS = 60;

const CLOCK_TOLERANCE_MS = CLOCK_TOLERANCE_SECONDS * 1_000;

/** Whether a token that expires then is refused now. */
export const hasExpired = (expiresAtMs: number, nowMs: number): boolean => expiresAtMs + CLOCK_TOLERANCE_MS <= nowMs;

/**
 * Until when the id of an ended session is kept: a server whose clock is behind accepts its token for longer than the
 * server that deletes the id, whose clock is ahead.
 */
export const endedUntilMs = (expiresAtMs: number): number => expiresAtMs + 2 * CLOCK_TOLERANCE_MS;
