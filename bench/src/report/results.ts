import { median } from "./statistics.ts";

/** The result of one stretch of load. */
export type Speed = {
  readonly ratePerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
};

/** A percentile of the latencies of a stretch. */
export type Latency = "p50Ms" | "p95Ms" | "p99Ms";

/** What a row of a table is about. */
export type Situation = {
  /** The request, such as `POST /credits/consume`. */
  readonly what: string;
  /** Which accounts or users the load is about. */
  readonly spread: string;
  readonly subject: string;
  /** Number of connections, clients or callers; each waits for its answer before it sends the next request. */
  readonly atOnce: number;
};

/** One row: a stretch of load in one round, or medians over the rounds. `ratios` divide its rate by those of baselines. */
export type Result = Situation & Speed & { readonly part: string; readonly ratios: Readonly<Record<string, number>> };

/** What a ratio has to be: a multiple of the baseline, or a number of the unit. */
export type Target = {
  readonly must: "at least" | "at most" | "under";
  readonly limit: number;
  readonly unit?: "ms" | "s" | "MB" | "per second";
};

/** A row of the table of targets. */
export type MeasuredTarget = {
  readonly part: string;
  /** What is measured, such as "1,024 callers, one account: consumes per second". */
  readonly says: string;
  readonly baseline: string;
  readonly target: Target;
  /** One for each round. */
  readonly ratios: number[];
};

/** The median of the rounds, rounded to two digits: the table shows the value that is compared. */
export const reached = ({ ratios }: MeasuredTarget): number => Math.round(median(ratios) * 100) / 100;

/** Compares what was reached with the target. */
export function verdictOn(measured: MeasuredTarget): "yes" | "no" | "not measured" {
  const value = reached(measured);
  if (!Number.isFinite(value)) return "not measured";
  const { must, limit } = measured.target;
  return { "at least": value >= limit, "at most": value <= limit, under: value < limit }[must] ? "yes" : "no";
}
