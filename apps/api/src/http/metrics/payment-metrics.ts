import { type Database, reviewKinds } from "@jifen/database";
import { Gauge, type Registry } from "prom-client";
import { reviewBounds } from "../../modules/billing/reviews/bounds.ts";
import type { Deps } from "../deps.ts";
import { cachedFor } from "./cached-for.ts";

/** How long counts are believed: each scrape of each server would count again. */
const FRESH_MS = 15_000;
/** Beyond this, more makes no difference. */
const MOST = 1_000;
/** Orders that are not final. All others would be counted for ever. */
const states = ["new", "open", "paid"] as const;

type PaymentMetricsDeps = Pick<Deps, "paymentMeter"> & {
  readonly database: Pick<Database, "orders" | "payments" | "reviews">;
};

/** Registers the metrics of orders and payments. A value that cannot be read is left out. */
export function registerPaymentMetrics(registry: Registry, { paymentMeter, database }: PaymentMetricsDeps): void {
  for (const metric of paymentMeter.metrics) registry.registerMetric(metric);
  const { orders, payments, reviews } = database;
  const gaugeBy = <Label extends string>(
    { name, help, label, values }: Labelled<Label>,
    read: (value: Label) => Promise<number>,
  ) => {
    const readAll = cachedFor(FRESH_MS, () => Promise.all(values.map(read)));
    new Gauge({
      ...{ name, help, labelNames: [label], registers: [registry] },
      async collect() {
        const counts = await readAll().catch(() => undefined);
        if (counts === undefined) this.reset();
        else for (const [at, value] of values.entries()) this.set({ [label]: value }, counts[at] ?? 0);
      },
    });
  };
  gaugeBy(
    {
      name: "jifen_orders",
      help: "Orders that are not final, 1000 of a state at most.",
      label: "state",
      values: states,
    },
    // An order that is paid waits for the credits of its payment.
    (state) => (state === "paid" ? payments.countDue(MOST) : orders.countUnfinished(state, MOST)),
  );
  gaugeBy(
    {
      ...{ name: "jifen_reviews", label: "kind", values: reviewKinds },
      help: "Entries of the review list, 1000 of a kind at most.",
    },
    (kind) => reviews.count(reviewBounds(Date.now()), kind, MOST),
  );
  const firstDueMs = cachedFor(FRESH_MS, () => orders.firstDueMs());
  new Gauge({
    ...{ name: "jifen_orders_overdue_seconds", registers: [registry] },
    help: "For how long the order that waits longest should have been asked about at its provider; 0 when none is due.",
    async collect() {
      const dueMs = await firstDueMs().catch(() => null);
      if (dueMs === null) this.remove();
      else this.set(dueMs === undefined ? 0 : Math.max(0, (Date.now() - dueMs) / 1_000));
    },
  });
}

type Labelled<Label extends string> = {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly values: readonly Label[];
};
