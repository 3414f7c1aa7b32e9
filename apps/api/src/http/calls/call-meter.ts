import { tracingChannel } from "node:diagnostics_channel";
import type { Refusal } from "@jifen/contract";
import type { Outcome } from "@jifen/core";
import { Counter, type Histogram } from "prom-client";
import { refusalOf, specOf } from "../error-response.ts";
import { createCallTimes } from "./call-times.ts";

/** A call of an operation, such as `credits.consume`. The calls of a batch share the id of their request. */
type Call = { readonly operation: string; readonly requestId: string };

/** A call while it is measured, as subscribers of the channel see it. */
type MeasuredCall = Call & { status: number };

/** Where a tracer hears of calls. Without one, Node runs a call at once. https://nodejs.org/api/diagnostics_channel.html */
const channel = tracingChannel<unknown, MeasuredCall>("jifen:call");

/** Counts and times the calls of operations. */
export type CallMeter = {
  readonly metrics: readonly (Counter | Histogram)[];
  /**
   * Runs a call.
   * @param statusOf the HTTP status of its result; an error has that of its refusal
   */
  measure<Result>(call: Call, work: () => Promise<Result>, statusOf: (result: Result) => number): Promise<Result>;
};

/** The HTTP status that an outcome has by itself. */
export const statusOfOutcome = (outcome: Outcome<unknown, Refusal>): number =>
  outcome.ok ? 200 : specOf(outcome.refusal).status;

/** Creates the metrics of calls. They are registered where the metrics of the process are served. */
export function createCallMeter(): CallMeter {
  // Plain numbers on the hot path, which a scrape reads.
  const counts = new Map<string, { [status: string]: number }>();
  const calls = new Counter({
    ...{ name: "jifen_calls_total", labelNames: ["operation", "status"], registers: [] },
    help: "Calls of operations by the class of their status (2xx, 4xx, 5xx). A batch has several calls.",
    collect() {
      this.reset();
      for (const [operation, byStatus] of counts) {
        for (const [status, count] of Object.entries(byStatus)) this.inc({ operation, status }, count);
      }
    },
  });
  const times = createCallTimes();
  const record = (operation: string, status: number, seconds: number) => {
    let byStatus = counts.get(operation);
    if (byStatus === undefined) {
      // A series that begins with its first error would show no increase.
      byStatus = { "2xx": 0, "4xx": 0, "5xx": 0 };
      counts.set(operation, byStatus);
    }
    const statusClass = `${Math.floor(status / 100)}xx`;
    byStatus[statusClass] = (byStatus[statusClass] ?? 0) + 1;
    times.add(operation, seconds);
  };
  return {
    metrics: [calls, times.metric],
    measure: ({ operation, requestId }, work, statusOf) => {
      const call: MeasuredCall = { operation, requestId, status: 500 };
      const run = async () => {
        const startedMs = performance.now();
        try {
          const result = await work();
          call.status = statusOf(result);
          return result;
        } catch (error) {
          call.status = specOf(refusalOf(error)).status;
          throw error;
        } finally {
          record(operation, call.status, (performance.now() - startedMs) / 1_000);
        }
      };
      return channel.tracePromise(run, call);
    },
  };
}
