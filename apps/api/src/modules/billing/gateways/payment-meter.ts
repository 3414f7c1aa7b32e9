import type { NoticeVerdict } from "@jifen/billing";
import type { EventSource } from "@jifen/database";
import { Counter, Histogram } from "prom-client";

/** What became of a notice. `probe`: the provider tests whether signatures are checked. */
export type MeteredVerdict = NoticeVerdict | "probe";

/** How a call of a gateway ended. */
export type CallResult = "ok" | "refused" | "unavailable" | "misconfigured";

/** Counts notices, payments and calls of gateways, for the metrics. */
export type PaymentMeter = {
  readonly metrics: readonly (Counter | Histogram)[];
  /** Begins the series of a channel that alerts compare: one that began with its first event would show no increase. */
  begin(channel: string): void;
  notice(channel: string, verdict: MeteredVerdict): void;
  /** `accepted` and `review` when a payment is recorded, `credited` and `refused` when its credits are granted or not. */
  payment(
    payment: { readonly channel: string; readonly source: EventSource },
    result: "accepted" | "review" | "credited" | "refused",
  ): void;
  /** The time from the payment, by the provider's clock, to the credits. */
  lag(channel: string, seconds: number): void;
  call(call: { readonly channel: string; readonly call: string; readonly result: CallResult }, seconds: number): void;
};

/** Creates the metrics. They are registered where the metrics of the process are served. */
export function createPaymentMeter(): PaymentMeter {
  const registers: [] = [];
  const notices = new Counter({
    ...{ name: "jifen_payment_notices_total", labelNames: ["channel", "verdict"], registers },
    help: "Notices of payment providers by what became of them.",
  });
  const payments = new Counter({
    ...{ name: "jifen_payments_total", labelNames: ["channel", "result", "source"], registers },
    help: "Payments that were accepted or need a decision, and those that were credited or refused by the ledger.",
  });
  const lag = new Histogram({
    ...{ name: "jifen_payment_lag_seconds", labelNames: ["channel"], registers },
    help: "Time from a payment to its credits, without payments that staff accepted.",
    buckets: [1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400],
  });
  const calls = new Histogram({
    ...{ name: "jifen_gateway_seconds", labelNames: ["channel", "call", "result"], registers },
    help: "Time of calls of payment providers.",
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  });
  return {
    metrics: [notices, payments, lag, calls],
    begin: (channel) => {
      for (const verdict of ["recorded", "forged"]) notices.inc({ channel, verdict }, 0);
      payments.inc({ channel, result: "accepted", source: "query" }, 0);
    },
    notice: (channel, verdict) => notices.inc({ channel, verdict }),
    payment: ({ channel, source }, result) => payments.inc({ channel, result, source }),
    lag: (channel, seconds) => lag.observe({ channel }, Math.max(0, seconds)),
    call: (labels, seconds) => calls.observe({ ...labels }, seconds),
  };
}
