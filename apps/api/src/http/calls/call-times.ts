import type { Histogram } from "prom-client";

/** Upper bounds of the classes, in seconds. */
const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

const NAME = "jifen_call_seconds";
const HELP = "Time of calls of operations, from their headers to their response; of streams, to the first byte.";

type Times = { readonly counts: number[]; sum: number };
type Value = {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
};

/** Times of calls by operation. */
export type CallTimes = {
  /** In the form that a registry of prom-client reads. */
  readonly metric: Histogram;
  add(operation: string, seconds: number): void;
};

/**
 * A histogram that costs an addition for each call: that of prom-client builds a key of text each time, two microseconds.
 */
export function createCallTimes(): CallTimes {
  const byOperation = new Map<string, Times>();
  const get = async () => ({
    ...{ name: NAME, help: HELP, type: "histogram", aggregator: "sum" },
    values: [...byOperation].flatMap(([operation, times]) => toValues(operation, times)),
  });
  return {
    metric: { name: NAME, get } as unknown as Histogram,
    add: (operation, seconds) => {
      let times = byOperation.get(operation);
      if (times === undefined) {
        times = { counts: new Array<number>(CALL_SECONDS.length + 1).fill(0), sum: 0 };
        byOperation.set(operation, times);
      }
      times.sum += seconds;
      const found = CALL_SECONDS.findIndex((bound) => seconds <= bound);
      const at = found === -1 ? CALL_SECONDS.length : found;
      times.counts[at] = (times.counts[at] ?? 0) + 1;
    },
  };
}

/** A class counts all calls up to its bound. */
function toValues(operation: string, { counts, sum }: Times): readonly Value[] {
  let count = 0;
  const buckets = [...CALL_SECONDS, "+Inf"].map((le, at) => {
    count += counts[at] ?? 0;
    return { metricName: `${NAME}_bucket`, labels: { le, operation }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels: { operation }, value: sum },
    { metricName: `${NAME}_count`, labels: { operation }, value: count },
  ];
}
