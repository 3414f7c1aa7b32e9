const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The pauses between the tries of a delivery: three days in all. */
const GAPS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
];

/** How long an event waits for an endpoint that is paused. */
export const KEPT_MS = GAPS_MS.reduce((sum, gap) => sum + gap, 0);

/** When a delivery is tried again after `tries` that failed, at least 1; null after the last one. */
export function nextTry(tries: number, nowMs: number): number | null {
  const gap = GAPS_MS[tries - 1];
  return gap === undefined ? null : nowMs + gap;
}
