import { Counter } from "prom-client";

/** Counts credits that captures could not charge, for the metrics. */
export type UnchargedMeter = {
  readonly metrics: readonly Counter[];
  /** Credits by which the price of what was used was above what was held. */
  add(action: string, credits: number): void;
};

/** Creates the metric. It is registered where the metrics of the process are served. */
export function createUnchargedMeter(): UnchargedMeter {
  const uncharged = new Counter({
    name: "jifen_uncharged_credits_total",
    help: "Credits by which the price of what was used was above what the hold had, by the action.",
    labelNames: ["action"],
    registers: [],
  });
  return {
    metrics: [uncharged],
    add: (action, credits) => {
      if (credits > 0) uncharged.inc({ action }, credits);
    },
  };
}
