import type { Event } from "./event.ts";

/** The earliest and the latest entry after which a request can have been decided. */
export type Window = { readonly from: number; readonly to: number };

type Mark = { readonly at: number; readonly sequence: number };

/** The last mark that is not later than `at`. */
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
 * M7: a request that is sent after an answer arrived sees its effect, and no request sees the effect of one that is sent
 * after its answer.
 * @param executed the events with a new effect, each with the number of its entry.
 */
export function windowsOf(executed: readonly { readonly event: Event; readonly sequence: number }[]): {
  of(event: Event): Window;
} {
  const answered: Mark[] = [];
  for (const { event, sequence } of executed.toSorted((one, other) => one.event.answered - other.event.answered)) {
    answered.push({ at: event.answered, sequence: Math.max(sequence, answered.at(-1)?.sequence ?? 0) });
  }
  // In reverse order of time, so that the same search finds later requests.
  const sent: Mark[] = [];
  for (const { event, sequence } of executed.toSorted((one, other) => other.event.sent - one.event.sent)) {
    sent.push({ at: -event.sent, sequence: Math.min(sequence, sent.at(-1)?.sequence ?? Number.POSITIVE_INFINITY) });
  }
  return {
    of: (event) => ({
      from: lastUntil(answered, event.sent)?.sequence ?? 0,
      to: (lastUntil(sent, -event.answered)?.sequence ?? Number.POSITIVE_INFINITY) - 1,
    }),
  };
}
