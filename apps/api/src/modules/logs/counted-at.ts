import { MAX_LATE_MS } from "@jifen/database";

/** How far the timestamp of a log can be after its arrival, so that the log counts at the timestamp. */
export const MAX_AFTER_ARRIVAL_MS = 5 * 60_000;

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
  const beforeMs = Math.min(MAX_LATE_MS, keptMs);
  const isNear = timestampMs >= arrivalMs - beforeMs && timestampMs <= arrivalMs + MAX_AFTER_ARRIVAL_MS;
  return isNear ? timestampMs : arrivalMs;
}
