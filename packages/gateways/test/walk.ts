import { randomUUID } from "node:crypto";
import {
  type Gateway,
  isCurrency,
  minorUnits,
  type OrderAtGateway,
  type Payable,
  type PaymentRequest,
} from "@jifen/billing";
import type { Act, FakeGateway, Switches } from "@jifen/testkit/gateways";
import { expect } from "vitest";
import type { NoticeReceiver } from "./notice-receiver.ts";

/** A gateway, the fake of its provider, and the server that receives its notices. */
export type Scene = { readonly gateway: Gateway; readonly fake: FakeGateway; readonly receiver: NoticeReceiver };

/** The provider as the tests of orders and refunds use it. What it does can take time. */
type Provider = {
  readonly acts: readonly Act[];
  act(number: string, act: Act): unknown;
  readonly books: {
    find(number: string): TradeAtProvider | undefined | Promise<TradeAtProvider | undefined>;
  };
  /** Only a provider that is another process can lose an answer. */
  turn?(change: Partial<Switches>): void;
};

/** The books of the provider, as far as orders and refunds are compared with them. */
type TradeAtProvider = {
  readonly content: { readonly amountMinor: number };
  readonly payments: readonly { readonly txnId: string; readonly paidAtMs: number }[];
  readonly refunds: readonly { readonly amountMinor: number }[];
};

/** What the tests of orders and refunds work with. `open`: opens what an order is paid with, as the user's phone does. */
export type OrderScene = {
  readonly gateway: Gateway;
  readonly fake: Provider;
  readonly receiver: { readonly url: string };
  readonly open?: (payable: Payable) => Promise<void>;
};

/** 32 hexadecimal digits. */
export const newId = (): string => randomUUID().replaceAll("-", "");

/** An order of 9.90 in the gateway's first currency. */
export function newRequest({ gateway, receiver }: Pick<OrderScene, "gateway" | "receiver">): PaymentRequest {
  const currency = gateway.limits.currencies[0]?.currency ?? "";
  if (!isCurrency(currency)) throw new Error("the gateway has no currency");
  const createdAtMs = Date.now();
  const orderId = newId();
  return {
    orderId,
    amount: { minor: minorUnits(990), currency },
    title: "100 积分 credits",
    method: gateway.limits.methods[0] ?? "",
    createdAtMs,
    expiresAtMs: createdAtMs + Math.max(gateway.limits.shortestMs, 1_800_000),
    notifyUrl: `${receiver.url}/${orderId}`,
    returnUrl: `${new URL(receiver.url).origin}/return`,
    clientAddress: "203.0.113.7",
  };
}

/** The order as the database has it after `create` was answered. */
export const orderOf = (request: PaymentRequest, payable?: Payable): OrderAtGateway => ({
  ...{ orderId: request.orderId, amount: request.amount, method: request.method },
  ...{ createdAtMs: request.createdAtMs, expiresAtMs: request.expiresAtMs },
  ...{ isPayable: payable !== undefined, providerRef: payable?.providerRef ?? null },
});

/** The value of a successful call. */
export function successOf<Value>(outcome: { ok: true; value: Value } | { ok: false; refusal: unknown }): Value {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
}

/** Makes an order payable, and opens what it is paid with, as the user's phone does. */
export async function openOrder(scene: OrderScene, change: Partial<PaymentRequest> = {}): Promise<OrderAtGateway> {
  const request = { ...newRequest(scene), ...change };
  const payable = successOf(await scene.gateway.create(request));
  await openPayable(scene, payable);
  return orderOf(request, payable);
}

/** Opens the address that pays. */
export async function openPayable(scene: OrderScene, payable: Payable): Promise<void> {
  if (scene.open) return scene.open(payable);
  const response = await fetch(payable.text);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("Fake payment");
}
