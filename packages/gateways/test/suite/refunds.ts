import {
  type MinorUnits,
  minorUnits,
  type OrderAtGateway,
  type RefundAtGateway,
  type RefundRequest,
} from "@jifen/billing";
import { eventually } from "@jifen/testkit";
import { expect, test } from "vitest";
import type { OrderStage } from "../describe-gateway.ts";
import { newId, type OrderScene, openOrder, successOf } from "../walk.ts";

type Paid = { readonly order: OrderAtGateway; readonly txnId: string };

async function paidOrder(scene: OrderScene): Promise<Paid> {
  const order = await openOrder(scene);
  await scene.fake.act(order.orderId, "pay");
  const { facts } = successOf(await scene.gateway.find(order));
  return { order, txnId: facts[0]?.txnId ?? "" };
}

const requestOf = ({ order, txnId }: Paid, minor: number): RefundRequest => ({
  ...{ reversalId: newId(), orderId: order.orderId, txnId, paid: order.amount, reason: "退款 refund" },
  amount: { minor: minorUnits(minor) as MinorUnits, currency: order.amount.currency },
});

const atGateway = ({ reversalId, orderId, txnId, paid }: RefundRequest): RefundAtGateway => ({
  ...{ refundId: reversalId, providerRef: null, orderId, txnId, paid },
});

/** How much of an order has gone back, by the books of the provider. */
const returned = async ({ fake }: OrderScene, orderId: string): Promise<number> =>
  ((await fake.books.find(orderId))?.refunds ?? []).reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Refunds: once per number, whole and in parts, and what the provider says of them. */
export function describeRefunds({ scene, title }: Pick<OrderStage, "scene" | "title">): void {
  test(`${title} returns the whole payment once when it is asked twice`, async () => {
    const paid = await paidOrder(scene());
    const request = requestOf(paid, 990);
    expect(successOf(await scene().gateway.findRefund(atGateway(request)))).toBeUndefined();
    successOf(await scene().gateway.refund(request));
    successOf(await scene().gateway.refund(request));
    expect(await returned(scene(), paid.order.orderId)).toBe(990);
    await eventually(async () => {
      const fact = successOf(await scene().gateway.findRefund(atGateway(request)));
      expect(fact).toMatchObject({
        txnId: paid.txnId,
        reversalId: request.reversalId,
        amount: request.amount,
        state: "done",
      });
    });
  });

  test(`${title} still proves the payment after it was returned`, async () => {
    const paid = await paidOrder(scene());
    successOf(await scene().gateway.refund(requestOf(paid, 990)));
    const { facts } = successOf(await scene().gateway.find(paid.order));
    expect(facts).toMatchObject([{ txnId: paid.txnId, amount: paid.order.amount }]);
  });

  test(`${title} returns money once when the answer to the refund was lost`, async (context) => {
    if (!scene().fake.turn) return context.skip();
    const paid = await paidOrder(scene());
    const request = requestOf(paid, 990);
    scene().fake.turn?.({ answers: "reset" });
    const lost = await scene().gateway.refund(request);
    expect(lost).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
    scene().fake.turn?.({ answers: "normal" });
    successOf(await scene().gateway.refund(request));
    expect(await returned(scene(), paid.order.orderId)).toBe(990);
  });

  test(`${title} returns a payment in two parts`, async () => {
    const paid = await paidOrder(scene());
    const part = requestOf(paid, 300);
    if (!scene().gateway.limits.canRefundParts) {
      const refused = await scene().gateway.refund(part);
      expect(refused).toMatchObject({ ok: false, refusal: { code: "GATEWAY_REFUSED" } });
      expect(await returned(scene(), paid.order.orderId)).toBe(0);
      return;
    }
    successOf(await scene().gateway.refund(part));
    successOf(await scene().gateway.refund(part));
    successOf(await scene().gateway.refund(requestOf(paid, 690)));
    expect(await returned(scene(), paid.order.orderId)).toBe(990);
    const over = await scene().gateway.refund(requestOf(paid, 1));
    expect(over).toMatchObject({ ok: false, refusal: { code: "GATEWAY_REFUSED" } });
    expect(await returned(scene(), paid.order.orderId)).toBe(990);
  });

  test(`${title} still proves a payment that was refunded at the provider`, async () => {
    const paid = await paidOrder(scene());
    await scene().fake.act(paid.order.orderId, "refund");
    const { facts, reversals } = successOf(await scene().gateway.find(paid.order));
    expect(facts).toMatchObject([{ txnId: paid.txnId, amount: paid.order.amount }]);
    // Otherwise its credits would be granted, and nothing would take them back.
    expect(reversals.length > 0 || facts[0]?.isReturned === true).toBe(true);
  });
}
