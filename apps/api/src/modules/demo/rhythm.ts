import type { Random } from "./random.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How busy a day of the week is, from Sunday on. */
const days = [0.5, 1, 1.1, 1.05, 1, 0.95, 0.6] as const;
/** Working time and evening in UTC+8: the share of each hour of a UTC day. */
const hours = [8, 9, 8, 6, 6, 7, 8, 9, 9, 8, 5, 4, 5, 6, 6, 5, 3, 2, 1, 1, 1, 1, 2, 4] as const;
const ALL = hours.reduce((sum, share) => sum + share, 0);

/** How many jobs come on a day for a usual number of them. */
export function jobsOn(dayMs: number, usual: number, random: Random): number {
  const expected = usual * (days[new Date(dayMs).getUTCDay()] ?? 1);
  return Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
}

/** A time of the UTC day that a time is in, more often at busy hours. */
export function timeOn(dayMs: number, random: Random): number {
  let left = random.next() * ALL;
  const hour = hours.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return Math.floor(dayMs / DAY_MS) * DAY_MS + Math.max(0, hour) * HOUR_MS + random.between(0, HOUR_MS - 1);
}
