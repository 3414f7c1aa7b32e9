import { judge, minorUnits } from "@jifen/billing";
import { expect, test } from "vitest";
import type { OrderStage } from "../describe-gateway.ts";
import { newRequest, openOrder, openPayable, orderOf, successOf } from "../walk.ts";

/** Orders: made once, found, paid, closed. */
export function describeOrders({ scene, title, asksOnCreate }: OrderStage): void {
  test(`${title} returns the same trade when an order is created twice`, async () => {
    const request = newRequest(scene());
    const first = successOf(await scene().gateway.create(request));
    const second = successOf(await scene().gateway.create(request));
    expect(second).toEqual(first);
    await openPayable(scene(), first);
    await openPayable(scene(), second);
    expect((await scene().fake.books.find(request.orderId))?.content.amountMinor).toBe(990);
    await scene().fake.act(request.orderId, "pay");
    await expect(async () => scene().fake.act(request.orderId, "pay")).rejects.toThrow();
  });

  test(`${title} finds an unpaid order without a payment`, async () => {
    const order = await openOrder(scene());
    const trade = successOf(await scene().gateway.find(order));
    expect(trade).toEqual({ state: "open", facts: [], reversals: [] });
  });

  test(`${title} finds no trade of an order that never reached the provider`, async () => {
    const order = orderOf(newRequest(scene()));
    const trade = successOf(await scene().gateway.find(order));
    expect(trade).toEqual({ state: "absent", facts: [], reversals: [] });
  });

  test(`${title} proves a payment that equals its order`, async () => {
    const order = await openOrder(scene());
    await scene().fake.act(order.orderId, "pay");
    const { state, facts } = successOf(await scene().gateway.find(order));
    expect(state).toBe("closed");
    const { channel, merchant, live } = scene().gateway;
    const expected = { ...order, channel, merchant, live, isUserDeleted: false, hasOtherPayment: false };
    expect(facts.map((fact) => judge(fact, expected))).toEqual([undefined]);
    const [payment] = (await scene().fake.books.find(order.orderId))?.payments ?? [];
    expect(facts[0]).toMatchObject({ orderId: order.orderId, txnId: payment?.txnId, paidAtMs: payment?.paidAtMs });
  });

  test(`${title} shows a payment of less than the order as it is`, async (context) => {
    if (!scene().fake.acts.includes("pay-less")) return context.skip();
    const order = await openOrder(scene());
    await scene().fake.act(order.orderId, "pay-less");
    const { facts } = successOf(await scene().gateway.find(order));
    expect(facts.map(({ amount }) => amount)).toEqual([{ minor: minorUnits(989), currency: order.amount.currency }]);
  });

  test(`${title} ends an unpaid order, which then cannot be paid`, async (context) => {
    if (!scene().gateway.limits.canClose) return context.skip();
    const order = await openOrder(scene());
    expect(successOf(await scene().gateway.close(order))).toMatchObject({ state: "closed", facts: [] });
    await expect(async () => scene().fake.act(order.orderId, "pay")).rejects.toThrow();
    expect(successOf(await scene().gateway.close(order))).toMatchObject({ state: "closed", facts: [] });
    expect(successOf(await scene().gateway.find(order))).toMatchObject({ state: "closed", facts: [] });
  });

  test(`${title} shows the payment when it was faster than the end of the order`, async () => {
    const order = await openOrder(scene());
    await scene().fake.act(order.orderId, "pay");
    const trade = successOf(await scene().gateway.close(order));
    expect(trade).toMatchObject({ state: "closed", facts: [{ orderId: order.orderId, amount: order.amount }] });
  });

  test(`${title} refuses an amount, a currency, a method and a duration outside of its limits`, async () => {
    const { gateway } = scene();
    const request = newRequest(scene());
    const { minMinor = 1, maxMinor = 1 } = gateway.limits.currencies[0] ?? {};
    const { shortestMs, longestMs } = gateway.limits;
    const changes = [
      { amount: { ...request.amount, minor: minorUnits(maxMinor + 1) } },
      { amount: { ...request.amount, minor: minorUnits(minMinor - 1) } },
      { amount: { ...request.amount, currency: "KWD" as const } },
      { method: "barter" },
      { expiresAtMs: request.createdAtMs + shortestMs - 1 },
      { expiresAtMs: request.createdAtMs + longestMs + 1 },
    ];
    for (const change of changes) {
      const created = await gateway.create({ ...request, ...change });
      expect([change, created]).toMatchObject([change, { ok: false, refusal: { code: "GATEWAY_REFUSED" } }]);
    }
    expect(await scene().fake.books.find(request.orderId)).toBeUndefined();
  });

  test(`${title} cannot use a number again with another amount`, async (context) => {
    if (!asksOnCreate) return context.skip();
    const request = newRequest(scene());
    successOf(await scene().gateway.create(request));
    const changed = { ...request, amount: { ...request.amount, minor: minorUnits(991) } };
    const again = await scene().gateway.create(changed);
    expect(again).toMatchObject({ ok: false, refusal: { code: "GATEWAY_REFUSED" } });
    expect((await scene().fake.books.find(request.orderId))?.content.amountMinor).toBe(990);
  });

  test(`${title} pays with every method`, async () => {
    for (const method of scene().gateway.limits.methods) {
      const order = await openOrder(scene(), { method });
      await scene().fake.act(order.orderId, "pay");
      const { facts } = successOf(await scene().gateway.find(order));
      expect([method, facts.length]).toEqual([method, 1]);
    }
  });
}
