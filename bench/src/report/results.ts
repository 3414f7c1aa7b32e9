import type { Measurement } from "./measurement.ts";
import { median } from "./statistics.ts";

/** One subject in one situation: medians of the rounds. */
export type Result = Omit<Measurement, "round">;

const situationOf = ({ part, what, spread, subject, atOnce }: Measurement): string =>
  [part, what, spread, subject, atOnce].join("\n");

/** Rounds to results, in the order in which they were first measured. */
export const summarise = (all: readonly Measurement[]): Result[] =>
  [...Map.groupBy(all, situationOf).values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { round: _, ...situation } = first;
    const middle = (value: (each: Measurement) => number) => median([first, ...others].map(value));
    return {
      ...situation,
      ratePerSecond: middle((each) => each.ratePerSecond),
      p50Ms: middle((each) => each.p50Ms),
      p99Ms: middle((each) => each.p99Ms),
      ratios: Object.fromEntries(
        Object.keys(first.ratios).map((name) => [name, middle((each) => each.ratios[name] ?? Number.NaN)]),
      ),
    };
  });
