import { expect, test } from "vitest";
import { minorUnits } from "./money.ts";
import {
  grantKeyOf,
  judge,
  type OrderAtPayment,
  type PaymentFact,
  paymentStateAfter,
  paymentStates,
} from "./payment.ts";

const order: OrderAtPayment = {
  ...{ orderId: "0193", channel: "alipay", merchant: "2021", live: true },
  amount: { minor: minorUnits(990), currency: "CNY" },
  ...{ isUserDeleted: false, hasOtherPayment: false },
};
const fact: PaymentFact = {
  ...{ channel: "alipay", merchant: "2021", live: true, orderId: "0193", txnId: "T1" },
  ...{ amount: { minor: minorUnits(990), currency: "CNY" }, paidAtMs: 1 },
};

test("a payment that equals its order is accepted", () => {
  expect(judge(fact, order)).toBeUndefined();
});

const cny = (minor: number) => ({ amount: { minor: minorUnits(minor), currency: "CNY" } as const });

test.each<{ change: Partial<PaymentFact & OrderAtPayment>; in: "fact" | "order"; reason: string; says: string }>([
  { change: { live: false }, in: "fact", reason: "live-mode", says: "with test money" },
  { change: { channel: "wechatpay" }, in: "fact", reason: "channel", says: "by another channel" },
  { change: { merchant: "2022" }, in: "fact", reason: "merchant", says: "to another merchant" },
  { change: { isOtherApp: true }, in: "fact", reason: "merchant", says: "through another app of the merchant" },
  {
    ...{ change: { amount: { minor: minorUnits(990), currency: "USD" } }, in: "fact" },
    ...{ reason: "currency", says: "in another currency" },
  },
  { change: { isReturned: true }, in: "fact", reason: "returned", says: "whose money the provider has returned" },
  {
    change: { isReturned: true, ...cny(989) },
    in: "fact",
    reason: "returned",
    says: "of a cent less that was returned",
  },
  { change: cny(989), in: "fact", reason: "amount", says: "of a cent less" },
  { change: cny(991), in: "fact", reason: "amount", says: "of a cent more" },
  { change: cny(0), in: "fact", reason: "amount", says: "of nothing" },
  { change: { isUserDeleted: true }, in: "order", reason: "user-deleted", says: "for a deleted user" },
  { change: { hasOtherPayment: true }, in: "order", reason: "surplus", says: "for an order that is paid" },
])("a payment $says goes to review", ({ change, in: where, reason }) => {
  const changed = where === "fact" ? judge({ ...fact, ...change }, order) : judge(fact, { ...order, ...change });
  expect(changed).toBe(reason);
});

test("a payment in review is credited only after staff accepted it, and never after staff dismissed it", () => {
  expect(paymentStateAfter("review", "credits granted")).toBeUndefined();
  expect(paymentStateAfter("review", "accepted by staff")).toBe("accepted");
  // The grant was made by another process than the one that was refused.
  expect(paymentStateAfter("review", "credits granted after a refusal")).toBe("credited");
  expect(paymentStateAfter("accepted", "credits granted")).toBe("credited");
  for (const state of ["credited", "dismissed", "returned"] as const) {
    expect(paymentStates).toContain(state);
    const events = ["accepted by staff", "credits granted", "dismissed by staff"] as const;
    for (const event of [...events, "credits granted after a refusal"] as const) {
      expect(paymentStateAfter(state, event)).toBeUndefined();
    }
  }
});

test("two payments never share the key of a grant, whatever is in their ids", () => {
  expect(grantKeyOf(fact)).toBe("pay:alipay:2021:T1");
  expect(grantKeyOf({ ...fact, merchant: "2021:T1", txnId: "" })).not.toBe(
    grantKeyOf({ ...fact, merchant: "2021", txnId: "T1:" }),
  );
  expect(grantKeyOf({ ...fact, merchant: "a:b", txnId: "c" })).not.toBe(
    grantKeyOf({ ...fact, merchant: "a", txnId: "b:c" }),
  );
});
