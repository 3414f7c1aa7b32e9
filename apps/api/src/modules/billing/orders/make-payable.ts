import { minorUnits, type Payable, type PaymentRequest, stateAfter } from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Order, OrderSet } from "@jifen/database";
import { notifyUrlOf } from "../channels/notify-url.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { titleOf } from "./title.ts";

type PayableRefusal = Refusal<"GATEWAY_UNAVAILABLE" | "GATEWAY_REFUSED">;

/**
 * Asks the gateway for a way to pay a new order, and keeps the answer. It can be repeated: the gateway returns the same trade.
 * An order that is no longer new stays as it is.
 */
export async function makePayable(
  deps: PaymentDeps,
  order: Order,
  address: () => Promise<string>,
): Promise<Outcome<Order, PayableRefusal>> {
  if (order.state === "failed") return refuse({ code: "GATEWAY_REFUSED" });
  if (order.state !== "new") return ok(order);
  const channel = deps.channels.get(order.channel);
  if (!channel || channel.gateway.merchant !== order.merchant) return refuse({ code: "GATEWAY_UNAVAILABLE" });
  const request = requestOf(deps, order, await address());
  const outcome = await channel.run((gateway) => gateway.create(request));
  if (outcome.ok) return ok(await move(deps, order, toOpen(outcome.value)));
  const failure = outcome.refusal;
  deps.log.warn({ order: order.id, channel: order.channel, failure }, "an order did not become payable");
  // Only what the provider has refused for good is failed: everything else may have had its effect.
  if (failure.code !== "GATEWAY_REFUSED") return refuse({ code: "GATEWAY_UNAVAILABLE" });
  await move(deps, order, { state: "failed", slot: null, nextCheckMs: null });
  return refuse({ code: "GATEWAY_REFUSED" });
}

const toOpen = ({ kind, text, providerRef }: Payable): OrderSet => ({
  ...{ state: "open", payable: JSON.stringify({ kind, text }), providerRef },
});

/** A new order that another request or a payment has moved in the meantime stays as it is. */
async function move({ database, nowMs }: PaymentDeps, order: Order, set: OrderSet): Promise<Order> {
  const event = set.state === "open" ? "payable" : "refused by the gateway";
  const moved = await database.orders.change(order, ({ state }) =>
    stateAfter(state, event) === undefined
      ? refuse({ code: "MOVED" as const })
      : ok({ set, event: { atMs: nowMs(), what: event, source: "query" } }),
  );
  return moved.ok ? moved.value : ((await database.orders.find(order)) ?? order);
}

const requestOf = ({ publicUrl }: PaymentDeps, order: Order, address: string): PaymentRequest => {
  const notifyUrl = notifyUrlOf(publicUrl(), order.channel);
  return {
    ...{ orderId: order.id, amount: { minor: minorUnits(order.amountMinor), currency: order.currency } },
    ...{ title: titleOf(order).zh, method: order.method, createdAtMs: order.createdAtMs },
    ...{ expiresAtMs: order.expiresAtMs, notifyUrl },
    returnUrl: `${publicUrl()}/payments/${order.channel}/return/${order.id}`,
    clientAddress: address,
  };
};
