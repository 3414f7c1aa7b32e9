import type { Gateway, OrderAtGateway, RefundRequest } from "@jifen/billing";
import { describe, expect, test } from "vitest";
import type { Stage } from "../describe-gateway.ts";
import { newId, newRequest, openOrder, orderOf, successOf } from "../walk.ts";

const refundOf = (order: OrderAtGateway, txnId: string): RefundRequest => ({
  ...{ reversalId: newId(), orderId: order.orderId, txnId, amount: order.amount, paid: order.amount, reason: "退款" },
});

/** Every call that asks the provider. */
async function callsOf(
  gateway: Gateway,
  { paid, unpaid, txnId }: { paid: OrderAtGateway; unpaid: OrderAtGateway; txnId: string },
) {
  const refund = refundOf(paid, txnId);
  const find = { refundId: refund.reversalId, providerRef: null, orderId: paid.orderId, txnId, paid: paid.amount };
  return {
    find: await gateway.find(unpaid),
    close: await gateway.close(unpaid),
    ...(gateway.limits.refundGapMs !== null && { refund: await gateway.refund(refund) }),
    findRefund: await gateway.findRefund(find),
  };
}

/** Failures of the network, of the provider and of our settings: each is one of three, and none closes an order. */
export function describeFailures({ scene, title, under }: Stage): void {
  const broken = ["500", "hang", "reset", ...(under.signsAnswers ? (["unsigned", "forged"] as const) : [])] as const;

  describe.each(broken)("when the provider's answers are %s", (answers) => {
    test(`${title} says that each call may have happened when the answers are ${answers}`, async () => {
      const paid = await openOrder(scene());
      scene().fake.act(paid.orderId, "pay");
      const txnId = successOf(await scene().gateway.find(paid)).facts[0]?.txnId ?? "";
      const unpaid = await openOrder(scene());
      scene().fake.turn({ answers });
      const calls = await callsOf(scene().gateway, { paid, unpaid, txnId });
      for (const [name, outcome] of Object.entries(calls)) {
        expect([name, outcome]).toMatchObject([name, { ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } }]);
      }
    });

    test(`${title} makes an order payable after an attempt whose answer was ${answers}`, async (context) => {
      if (!under.asksOnCreate) return context.skip();
      const request = newRequest(scene());
      scene().fake.turn({ answers });
      const first = await scene().gateway.create(request);
      expect(first).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
      scene().fake.turn({ answers: "normal" });
      const payable = successOf(await scene().gateway.create(request));
      expect([...scene().fake.books.trades.keys()].filter((number) => number === request.orderId)).toHaveLength(1);
      expect(successOf(await scene().gateway.find(orderOf(request, payable))).facts).toEqual([]);
    });
  });

  test(`${title} says that a call may have happened when the provider cannot be reached`, async () => {
    const fake = await under.start();
    await using receiver = { ...scene().receiver, [Symbol.asyncDispose]: async () => undefined };
    const gateway = await under.open(fake.settings, { timeoutMs: 1_000 });
    const order = await openOrder({ gateway, fake, receiver });
    await fake[Symbol.asyncDispose]();
    expect(await gateway.find(order)).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
    expect(await gateway.close(order)).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
  });

  test(`${title} says that its settings are wrong when the provider does not know the key`, async () => {
    const order = await openOrder(scene());
    const gateway = await under.open(under.wrongKey(scene().fake.settings), { timeoutMs: 1_000 });
    expect(await gateway.find(order)).toMatchObject({ ok: false, refusal: { code: "GATEWAY_MISCONFIGURED" } });
    if (under.asksOnCreate) {
      const created = await gateway.create(newRequest(scene()));
      expect(created).toMatchObject({ ok: false, refusal: { code: "GATEWAY_MISCONFIGURED" } });
    }
    const findings = await gateway.examine(Date.now());
    expect(findings).toContainEqual(expect.objectContaining({ check: "keys", isGood: false }));
  });

  test(`${title} is examined without a finding when all is well`, async () => {
    const findings = await scene().gateway.examine(Date.now());
    expect(findings.filter(({ isGood }) => !isGood)).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain("keys");
  });

  test(`${title} shows that the clocks differ`, async () => {
    const findings = await scene().gateway.examine(Date.now() + 120_000);
    expect(findings).toContainEqual(expect.objectContaining({ check: "clock", isGood: false }));
  });

  test(`${title} shows no secret in a failure`, async () => {
    const secrets = Object.entries(scene().fake.settings).flatMap(([name, value]) =>
      /KEY|SECRET/.test(name) && !/ID|TYPE/.test(name) ? [value] : [],
    );
    const order = await openOrder(scene());
    scene().fake.turn({ answers: "reset" });
    const texts = JSON.stringify([await scene().gateway.find(order), await scene().gateway.examine(Date.now())]);
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.filter((secret) => texts.includes(secret))).toEqual([]);
  });
}
