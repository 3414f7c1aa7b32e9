import { BARE, type Measurement, PGBENCH } from "./rounds.ts";
import { median } from "./statistics.ts";

/** Who everything is compared with. */
export const baselines = ["bare", "pgbench 64", "pgbench best"] as const;

/** One of them. */
export type Baseline = (typeof baselines)[number];

/** One subject in one case: medians of the rounds, and of each round's ratios to the baselines. */
export type Result = Omit<Measurement, "round"> & { readonly ratios: Readonly<Record<Baseline, number>> };

/** Rounds to results, in the order in which they were first measured. */
export function summarise(all: readonly Measurement[]): Result[] {
  return all
    .filter(({ round }) => round === 1)
    .map(({ round: _, ...first }) => {
      const rounds = all.filter((each) => each.subject === first.subject && isSameCase(each, first));
      const middle = (value: (each: Measurement) => number) => median(rounds.map(value));
      const ratio = (to: Baseline) => middle((each) => each.ratePerSecond / rateOf(to, each, all));
      return {
        ...first,
        ratePerSecond: middle((each) => each.ratePerSecond),
        p50Ms: middle((each) => each.p50Ms),
        p99Ms: middle((each) => each.p99Ms),
        ratios: { bare: ratio("bare"), "pgbench 64": ratio("pgbench 64"), "pgbench best": ratio("pgbench best") },
      };
    });
}

type CaseOf = Pick<Measurement, "what" | "spread" | "connections">;

const isSameCase = (one: CaseOf, other: CaseOf): boolean =>
  one.what === other.what && one.spread === other.spread && one.connections === other.connections;

/** What the baseline did in the same round; NaN where there is nothing to compare. */
function rateOf(baseline: Baseline, beside: Measurement, all: readonly Measurement[]): number {
  if (beside.subject === BARE || beside.subject === PGBENCH) return Number.NaN;
  const round = all.filter((each) => each.round === beside.round);
  const bare = round.find((each) => each.subject === BARE && isSameCase(each, beside));
  // pgbench only spends.
  const spends = beside.what.includes("consume");
  const pgbench = round.filter((each) => spends && each.subject === PGBENCH && each.spread === beside.spread);
  switch (baseline) {
    case "bare":
      return bare?.ratePerSecond ?? Number.NaN;
    case "pgbench 64":
      return pgbench.find(({ connections }) => connections === 64)?.ratePerSecond ?? Number.NaN;
    case "pgbench best":
      return pgbench.reduce((best, { ratePerSecond }) => Math.max(best, ratePerSecond), 0) || Number.NaN;
    default:
      return baseline satisfies never;
  }
}
