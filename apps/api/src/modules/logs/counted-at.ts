const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How far the timestamp of a log can be from its arrival, so that the log counts at the timestamp. */
const MAX_BEFORE_ARRIVAL_MS = 31 * DAY_MS;
/** The same for a timestamp after the arrival. */
export const MAX_AFTER_ARRIVAL_MS = 5 * MINUTE_MS;

/**
 * The time at which a log counts, which is the time of its id. A caller can report a call late, and its clock can be a
 * little ahead. A timestamp that is further from the arrival says nothing about the order of logs: then the arrival counts.
 * @param keptMs for how long logs are kept: one that would have expired when it arrives counts at its arrival
 */
export function countedAtMs(
  timestampMs: number,
  {
    arrivalMs,
    keptMs = Number.POSITIVE_INFINITY,
  }: { readonly arrivalMs: number; readonly keptMs?: number | undefined },
): number {
  const beforeMs = Math.min(MAX_BEFORE_ARRIVAL_MS, keptMs);
  const isNear = timestampMs >= arrivalMs - beforeMs && timestampMs <= arrivalMs + MAX_AFTER_ARRIVAL_MS;
  return isNear ? timestampMs : arrivalMs;
}
