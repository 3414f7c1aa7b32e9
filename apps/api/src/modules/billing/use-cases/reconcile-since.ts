import { setTimeout as sleep } from "node:timers/promises";
import type { Order } from "@jifen/database";
import { askGateway } from "../orders/ask-gateway.ts";
import type { PaymentDeps } from "../payment-deps.ts";

const PAGE_SIZE = 100;

/** What was asked for, and what became of it. */
export type Reconciliation = {
  /** Orders that were made since then. */
  readonly orders: number;
  /** Orders whose provider was asked. Those that are credited need no question. */
  readonly asked: number;
  /** Orders whose provider could not be asked. */
  readonly unavailable: number;
  /** Orders whose state has changed. */
  readonly changed: readonly Pick<Order, "id" | "state">[];
};

/**
 * Asks the providers about all orders since a time, the newest first, such as after a backup was restored. Payments that they
 * report are settled as any other.
 */
export async function reconcileSince(
  deps: PaymentDeps,
  { sinceMs, ratePerSecond }: { readonly sinceMs: number; readonly ratePerSecond: number },
): Promise<Reconciliation> {
  let [orders, asked, unavailable] = [0, 0, 0];
  const changed: Pick<Order, "id" | "state">[] = [];
  for (let before: string | undefined; ; ) {
    const page = await deps.database.orders.list({ fromMs: sinceMs }, { limit: PAGE_SIZE, before });
    for (const order of page) {
      orders += 1;
      if (order.state === "credited") continue;
      const answer = await askGateway(deps, order, { source: "staff" });
      asked += 1;
      if (!answer.ok) unavailable += 1;
      else if (answer.value.state !== order.state) changed.push({ id: order.id, state: answer.value.state });
      await sleep(1_000 / ratePerSecond);
    }
    before = page.at(-1)?.id;
    if (page.length < PAGE_SIZE) return { orders, asked, unavailable, changed };
  }
}
