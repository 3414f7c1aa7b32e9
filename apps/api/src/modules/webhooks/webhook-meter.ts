import type { DeliveryResult } from "@jifen/database";
import { Counter, Histogram } from "prom-client";
import { isSuccess, type Send, type SendResult } from "./send.ts";

/** Counts what is sent to webhook endpoints, for the metrics. */
export type WebhookMeter = {
  readonly metrics: readonly (Counter | Histogram)[];
  /** The same sender, whose messages are counted and timed. */
  meter(send: Send): Send;
  /** `pending`: the delivery is tried again later. */
  settled(state: DeliveryResult["state"]): void;
};

const results = ["accepted", "refused", "unreachable"] as const;
const states = ["delivered", "failed", "pending"] as const satisfies readonly DeliveryResult["state"][];

const resultOf = (result: SendResult): (typeof results)[number] => {
  if (result.status === null) return "unreachable";
  return isSuccess(result) ? "accepted" : "refused";
};

/** Creates the metrics. They are registered where the metrics of the process are served. */
export function createWebhookMeter(): WebhookMeter {
  const registers: [] = [];
  const seconds = new Histogram({
    ...{ name: "jifen_webhook_seconds", labelNames: ["result"], registers },
    help: "Time of a message to a webhook endpoint, by whether the endpoint accepted it.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  });
  const deliveries = new Counter({
    ...{ name: "jifen_webhook_deliveries_total", labelNames: ["state"], registers },
    help: "Tries of deliveries by what became of the delivery; pending ones are tried again.",
  });
  for (const result of results) seconds.zero({ result });
  for (const state of states) deliveries.inc({ state }, 0);
  return {
    metrics: [seconds, deliveries],
    meter: (send) => async (message, to) => {
      const startedMs = performance.now();
      const result = await send(message, to);
      seconds.observe({ result: resultOf(result) }, (performance.now() - startedMs) / 1_000);
      return result;
    },
    settled: (state) => deliveries.inc({ state }),
  };
}
