import type { Outcome } from "@jifen/core";
import { ok } from "@jifen/core";
import type { Order } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { type Ask, askGateway, type NotAsked } from "./ask-gateway.ts";

/** Between two questions about an order that people ask. */
const GAP_MS = 3_000;

/** Asks the provider about an order for a person who waits; within the gap the order is returned as it is. */
export async function checkNow(
  deps: PaymentDeps,
  order: Order,
  { closes = false, isAboutReversals }: Pick<Ask, "closes" | "isAboutReversals"> = {},
): Promise<Outcome<Order, NotAsked>> {
  const isGranted = await deps.database.orders.claimCheck(order, { nowMs: deps.nowMs(), gapMs: GAP_MS });
  // To close an order is asked for once: it does not wait.
  if (!isGranted && !closes) return ok((await deps.database.orders.find(order)) ?? order);
  return askGateway(deps, order, { source: "query", closes, isAboutReversals });
}
