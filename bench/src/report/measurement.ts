import type { Spread } from "../workload.ts";

/** How fast something was. */
export type Speed = { readonly ratePerSecond: number; readonly p50Ms: number; readonly p99Ms: number };

/** What was measured. */
export type Situation = {
  readonly part: string;
  /** What was asked for, such as `POST /credits/consume`. */
  readonly what: string;
  readonly spread: Spread;
  readonly subject: string;
  /** Connections, clients or callers, each of which waits for its answer. */
  readonly atOnce: number;
  readonly round: number;
};

/** A rate as a share of each baseline's, by the baseline's name, all measured in the same round. */
export type Ratios = Readonly<Record<string, number>>;

/** One stretch of load, as it went. */
export type Measurement = Situation & Speed & { readonly ratios: Ratios };

/** Divides a rate by those of the baselines. */
export const ratiosTo = (baselines: Readonly<Record<string, number>>, rate: number): Ratios =>
  Object.fromEntries(Object.entries(baselines).map(([name, baseline]) => [name, rate / baseline]));
