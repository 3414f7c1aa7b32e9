import { array, integer, property, assert as propertyHolds } from "fast-check";
import { expect, test } from "vitest";
import { DURATION_CLASSES, durationClassOf, percentile } from "./duration-classes.ts";

/** The bounds as the design lists them, in seconds. */
const boundsSeconds = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200];

function countsOf(durations: readonly number[]): number[] {
  const counts = Array.from({ length: DURATION_CLASSES }, () => 0);
  for (const durationMs of durations)
    counts[durationClassOf(durationMs)] = (counts[durationClassOf(durationMs)] ?? 0) + 1;
  return counts;
}

/** Nearest rank, from the sorted durations. */
function exactPercentile(durations: readonly number[], percent: number): number {
  const sorted = durations.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? Number.NaN;
}

test("there are 20 duration classes", () => {
  expect(DURATION_CLASSES).toBe(20);
});

test.each(boundsSeconds.map((seconds, at) => ({ seconds, at })))(
  "$seconds s is the last duration of class $at",
  ({ seconds, at }) => {
    expect([durationClassOf(seconds * 1000), durationClassOf(seconds * 1000 + 1)]).toEqual([at, at + 1]);
  },
);

test.each([
  { durationMs: 0, is: 0 },
  { durationMs: 86_400_000, is: 19 },
  { durationMs: 86_400_001, is: 19 },
])("$durationMs ms is in class $is", ({ durationMs, is }) => {
  expect(durationClassOf(durationMs)).toBe(is);
});

test("a percentile without durations is null", () => {
  expect(percentile(countsOf([]), 0.95)).toBeNull();
});

test("the percentile of one duration is the geometric middle of its class", () => {
  // The square root of 3,000 × 5,000.
  expect(percentile(countsOf([4_000]), 0.95)).toBe(3_873);
});

test("ranks are spread within a class on a logarithmic scale", () => {
  const durations = Array.from({ length: 4 }, () => 1_500);
  const shares = [0.25, 0.5, 0.75, 1].map((share) => percentile(countsOf(durations), share));
  // 1,000 × 2 to the power of 1/8, 3/8, 5/8 and 7/8.
  expect(shares).toEqual([1_091, 1_297, 1_543, 1_835]);
});

test("counts of another length and shares above one are refused", () => {
  expect(() => percentile([1], 0.5)).toThrow("1 duration classes instead of 20");
  expect(() => percentile(countsOf([1]), 95)).toThrow("a share of 95");
});

test("a percentile is in the class of the exact percentile", () => {
  const durations = array(integer({ min: 0, max: 86_400_000 }), { minLength: 1, maxLength: 60 });
  const skewed = durations.map((list) => list.map((durationMs, at) => durationMs >> (at % 20)));
  void propertyHolds(
    property(skewed, integer({ min: 0, max: 100 }), (list, percent) => {
      const estimate = percentile(countsOf(list), percent / 100);
      expect(durationClassOf(estimate ?? -1)).toBe(durationClassOf(exactPercentile(list, percent)));
    }),
    { numRuns: 500 },
  );
});

/** Log-normal durations by Box and Muller, from the same numbers in every run. */
function logNormal(medianMs: number, sigma: number): number[] {
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: 2_000 }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.min(86_400_000, Math.round(medianMs * Math.exp(sigma * normal)));
  });
}

test("the 95th percentile of log-normal durations stays within its class", () => {
  const errors = [0.3, 0.5, 0.7, 0.9, 1.2].flatMap((sigma) =>
    [120, 400, 900, 2_500, 7_000, 18_000, 40_000, 100_000].map((medianMs) => {
      const durations = logNormal(medianMs, sigma);
      const exact = exactPercentile(durations, 95);
      const estimate = percentile(countsOf(durations), 0.95) ?? Number.NaN;
      expect(durationClassOf(estimate)).toBe(durationClassOf(exact));
      return Math.abs(estimate / exact - 1);
    }),
  );
  const sorted = errors.toSorted((one, other) => one - other);
  expect(sorted[sorted.length >> 1]).toBeLessThan(0.06);
  expect(sorted.at(-1)).toBeLessThan(0.35);
});
