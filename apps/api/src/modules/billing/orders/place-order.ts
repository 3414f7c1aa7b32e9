import type { Gateway, Money } from "@jifen/billing";
import type { operations, Refusal } from "@jifen/contract";
import { credits, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { NewOrder, Order } from "@jifen/database";
import type { z } from "zod";
import { invalidField } from "../../../values/invalid-field.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { findPack, type PackOnSale } from "./find-pack.ts";
import { makePayable } from "./make-payable.ts";
import { pricesOn } from "./price-of-pack.ts";

/** Orders that a user can have without paying them. */
const MOST_UNFINISHED = 5;

/** What is ordered, and by which request. */
type Wanted = Omit<z.output<typeof operations.orders.create.input>, "idempotencyKey"> & {
  readonly userId: UserId;
  /** In the namespace of its owner. */
  readonly idempotencyKey: string | undefined;
  readonly actor: string;
  readonly address: () => Promise<string>;
};

/** Why an order is not made, or not payable. */
type PlaceRefusal = Refusal<
  (typeof operations.orders.create.refusals)[number] | "USER_NOT_FOUND" | "VALIDATION_FAILED" | "RATE_LIMITED"
>;

/** What was ordered, in the form in which a retry must repeat it. */
const paramsOf = ({ packId, channel, method, currency, returnUrl }: Wanted): string =>
  JSON.stringify({ packId, channel, method, currency, returnUrl });

/**
 * Makes an order and asks the gateway for a way to pay, once per idempotency key. The order is committed before the gateway
 * knows its number, so that a payment always finds it.
 * Refuses, in this order: IDEMPOTENCY_KEY_REUSED, CHANNEL_OFF, VALIDATION_FAILED (method, returnUrl), USER_NOT_FOUND,
 * PACK_NOT_FOUND, CURRENCY_NOT_SOLD, RATE_LIMITED, ORDER_LIMIT, ALREADY_BOUGHT, GATEWAY_UNAVAILABLE, GATEWAY_REFUSED.
 */
export async function placeOrder(
  deps: PaymentDeps,
  wanted: Wanted,
): Promise<Outcome<{ readonly order: Order; readonly replayed: boolean }, PlaceRefusal>> {
  const { userId, idempotencyKey, address } = wanted;
  const made = idempotencyKey === undefined ? undefined : await deps.database.orders.findByKey(userId, idempotencyKey);
  const placed = made ? ok({ order: made, isNew: false }) : await saveOrder(deps, wanted);
  if (!placed.ok) return placed;
  const { order, isNew } = placed.value;
  if (order.requestParams !== paramsOf(wanted)) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
  const payable = await makePayable(deps, order, address);
  return payable.ok ? ok({ order: payable.value, replayed: !isNew }) : payable;
}

async function saveOrder(
  deps: PaymentDeps,
  wanted: Wanted,
): Promise<Outcome<{ readonly order: Order; readonly isNew: boolean }, PlaceRefusal>> {
  const gateway = deps.channels.get(wanted.channel)?.gateway;
  if (!gateway) return refuse({ code: "CHANNEL_OFF", channels: [...deps.channels.keys()] });
  const invalid = checkRequest(deps, gateway, wanted);
  if (invalid) return invalid;
  const user = await deps.database.users.find(wanted.userId);
  if (!user) return refuse({ code: "USER_NOT_FOUND" });
  const onSale = await findPack(deps, wanted.packId, user.priceGroup);
  if (!onSale) return refuse({ code: "PACK_NOT_FOUND" });
  const prices = pricesOn(gateway, onSale.pack);
  const amount = wanted.currency === undefined ? prices[0] : prices.find((each) => each.currency === wanted.currency);
  if (!amount) return refuse({ code: "CURRENCY_NOT_SOLD", currencies: prices.map(({ currency }) => currency) });
  const { retryAfterSeconds } = await deps.orderLimits.take(wanted.userId);
  if (retryAfterSeconds !== undefined) return refuse({ code: "RATE_LIMITED", retryAfterSeconds });
  const order = newOrder(deps, wanted, { gateway, onSale, amount });
  const event = {
    ...{ atMs: order.createdAtMs, what: "created", source: "caller" as const },
    details: JSON.stringify({ actor: wanted.actor }),
  };
  const limits = { mostUnfinished: MOST_UNFINISHED, mostOfItem: onSale.pack.limitPerUser };
  return deps.database.orders.create(order, event, limits);
}

function checkRequest(
  { isSiteOrigin }: PaymentDeps,
  { limits }: Gateway,
  { method, returnUrl }: Wanted,
): Outcome<never, Refusal<"VALIDATION_FAILED">> | undefined {
  if (method !== undefined && !limits.methods.includes(method)) {
    const methods = limits.methods.join(", ");
    return invalidField("method", { zh: `该渠道的付款方式是 ${methods} 之一`, en: `must be one of ${methods}` });
  }
  if (returnUrl !== undefined && !isSiteOrigin(new URL(returnUrl).origin)) {
    return invalidField("returnUrl", {
      zh: "必须是 FRONTEND_URL 中站点的地址，或 PUBLIC_URL 下的地址",
      en: "must be an address of a site in FRONTEND_URL, or at PUBLIC_URL",
    });
  }
  return undefined;
}

type Terms = { readonly gateway: Gateway; readonly onSale: PackOnSale; readonly amount: Money };

/** An order with all terms as they are now: what changes later has no effect on it. */
function newOrder(
  { newOrderId, nowMs, orderMs }: PaymentDeps,
  wanted: Wanted,
  { gateway, onSale: { pack, version }, amount }: Terms,
): NewOrder {
  const createdAtMs = nowMs();
  const { channel, merchant, live, limits } = gateway;
  const livesMs = Math.min(Math.max(orderMs, limits.shortestMs), limits.longestMs);
  return {
    ...{ userId: wanted.userId, id: newOrderId(), kind: "pack", itemId: pack.id, title: JSON.stringify(pack.title) },
    ...{ catalogueVersion: version, channel, merchant, method: wanted.method ?? limits.methods[0] ?? "", live },
    ...{ amountMinor: amount.minor, currency: amount.currency },
    ...{ credits: credits(pack.credits), bonusCredits: credits(pack.bonusCredits) },
    ...{ validDays: pack.validDays, bonusValidDays: pack.bonusValidDays, priority: pack.priority },
    ...{ refundRule: pack.refund, state: "new", returnUrl: wanted.returnUrl ?? null },
    ...{ idempotencyKey: wanted.idempotencyKey ?? null, requestParams: paramsOf(wanted) },
    ...{ createdAtMs, expiresAtMs: createdAtMs + livesMs, nextCheckMs: createdAtMs + FIRST_CHECK_MS },
  };
}

/** The first time at which an order is asked for by the schedule. */
const FIRST_CHECK_MS = 10_000;
