import type { Event } from "./event.ts";

/** After which line at the earliest, and after which at the latest, something was decided. */
export type Window = { readonly from: number; readonly to: number };

type Mark = { readonly at: number; readonly sequence: number };

/** The last mark that is not after `at`. */
function lastUntil(marks: readonly Mark[], at: number): Mark | undefined {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}

/**
 * Whoever asks after an answer was given sees what it said, and nobody sees what was asked for later (M7).
 * @param done what was done anew, with the number of its line.
 */
export function windowsOf(done: readonly { readonly event: Event; readonly sequence: number }[]): {
  of(event: Event): Window;
} {
  const answered: Mark[] = [];
  for (const { event, sequence } of done.toSorted((one, other) => one.event.answered - other.event.answered)) {
    answered.push({ at: event.answered, sequence: Math.max(sequence, answered.at(-1)?.sequence ?? 0) });
  }
  // Backwards in time, so that the same search finds what was sent later.
  const sent: Mark[] = [];
  for (const { event, sequence } of done.toSorted((one, other) => other.event.sent - one.event.sent)) {
    sent.push({ at: -event.sent, sequence: Math.min(sequence, sent.at(-1)?.sequence ?? Number.POSITIVE_INFINITY) });
  }
  return {
    of: (event) => ({
      from: lastUntil(answered, event.sent)?.sequence ?? 0,
      to: (lastUntil(sent, -event.answered)?.sequence ?? Number.POSITIVE_INFINITY) - 1,
    }),
  };
}
