import { isoTime } from "./iso-time.ts";

/**
 * An entry has the time at which it was decided, by the database's clock, and is visible only after its commit. The margin is
 * longer than a commit takes, also with a clock of this server that is some seconds fast.
 */
const MARGIN_MS = 30_000;

/** Up to when figures are complete that were read at a time. @param missingMs the first entry that is not in them yet */
export const completeUntil = (readAtMs: number, missingMs: number | undefined): string =>
  isoTime(Math.min(missingMs ?? readAtMs, readAtMs - MARGIN_MS));
