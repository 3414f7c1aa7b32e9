import type { Bench } from "./bench.ts";
import type { Latency, Situation, Speed, Target } from "./report/results.ts";
import { median } from "./report/statistics.ts";

/** A stretch of load that is measured in each round. */
export type Stretch = Situation & {
  run(): Promise<Speed>;
  /** Baselines by the name of their column. The fastest row of the same round counts. */
  readonly comparedWith?: Readonly<Record<string, readonly Row[]>>;
};

/** A stretch with its speed in each round. */
export type Row = Stretch & { readonly rounds: Speed[] };

type Expected = Target & { readonly says: string; readonly baseline: string };

/** The highest rate of several rows in a round; NaN for none. */
const bestRate = (rows: readonly Row[], round: number): number =>
  rows.length === 0 ? Number.NaN : Math.max(...rows.map(({ rounds }) => rounds[round]?.ratePerSecond ?? Number.NaN));

/** What one part measures: its rows, and the targets for their ratios. */
export class Comparison {
  readonly #bench: Bench;
  readonly #part: string;
  readonly #rows: Row[] = [];
  readonly #targets: (Expected & { ratio(round: number): number })[] = [];

  constructor(bench: Bench, part: string) {
    this.#bench = bench;
    this.#part = part;
  }

  add(stretch: Stretch): Row {
    const row = { ...stretch, rounds: [] };
    this.#rows.push(row);
    return row;
  }

  /** Sets a target for the rate of a row, as a multiple of the best rate of the baselines. */
  expectRate(row: Row, baselines: readonly Row[], expected: Omit<Expected, "must">): void {
    const ratio = (round: number) => bestRate([row], round) / bestRate(baselines, round);
    this.#targets.push({ must: "at least", ...expected, ratio });
  }

  /** Sets a target for a latency of a row, as a multiple of a latency of the same or another row. */
  expectLatency(
    [row, latency]: readonly [Row, Latency],
    [baseline, baselineLatency]: readonly [Row, Latency],
    expected: Expected,
  ): void {
    const ratio = (round: number) =>
      (row.rounds[round]?.[latency] ?? Number.NaN) / (baseline.rounds[round]?.[baselineLatency] ?? Number.NaN);
    this.#targets.push({ ...expected, ratio });
  }

  /** Sets a target for a latency of a row, in milliseconds. */
  expectMs([row, latency]: readonly [Row, Latency], expected: { readonly says: string; readonly limit: number }): void {
    const ratio = (round: number) => row.rounds[round]?.[latency] ?? Number.NaN;
    this.#targets.push({ ...expected, must: "at most", unit: "ms", baseline: "", ratio });
  }

  /** Measures every row in each round. Every second round goes backwards, so that neither side always comes first. */
  async measure(): Promise<void> {
    const { report, options } = this.#bench;
    const rounds = Array.from({ length: options.rounds }, (_, round) => round);
    for (const round of rounds) {
      for (const row of round % 2 === 0 ? this.#rows : this.#rows.toReversed()) {
        const { ratePerSecond, p50Ms, p95Ms, p99Ms } = await row.run();
        row.rounds.push({ ratePerSecond, p50Ms, p95Ms, p99Ms });
        const { subject, what, spread, atOnce } = row;
        const rate = ratePerSecond.toFixed(0);
        report.progress(
          `  ${this.#part}, round ${round + 1}: ${subject}, ${what}, ${spread}, ${atOnce} at once: ${rate}/s`,
        );
      }
    }
    for (const row of this.#rows) {
      const { what, spread, subject, atOnce, comparedWith = {} } = row;
      const middle = (value: (round: number) => number) => median(rounds.map(value));
      const speed = (name: keyof Speed) => middle((round) => row.rounds[round]?.[name] ?? Number.NaN);
      const ratios = Object.entries(comparedWith).map(([name, baselines]) => [
        name,
        middle((round) => bestRate([row], round) / bestRate(baselines, round)),
      ]);
      report.results.push({
        ...{ part: this.#part, what, spread, subject, atOnce, ratios: Object.fromEntries(ratios) },
        ...{
          ratePerSecond: speed("ratePerSecond"),
          p50Ms: speed("p50Ms"),
          p95Ms: speed("p95Ms"),
          p99Ms: speed("p99Ms"),
        },
      });
    }
    for (const { ratio, says, baseline, ...target } of this.#targets) {
      report.targets.push({ part: this.#part, says, baseline, target, ratios: rounds.map(ratio) });
    }
  }
}
