import { apiSurfaceKinds, describeOn, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRefundServer } from "./refund-server.ts";
import { newKey } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`refunds of a channel that cannot return money, on ${kind}`, { timeout: timeLimit(180) }, () => {
    let at: TopUpServer;
    beforeAll(async () => {
      at = await startTopUpServer(kind);
    });
    afterAll(() => at.stop());

    const fileOf = async (orderId: string) => (await at.api.get(`/admin/orders/${orderId}`, "admin")).body;
    const refund = (paymentId: string, input: object = {}) =>
      at.api.post(`/admin/payments/${paymentId}/refunds`, { reason: "test", ...input }, { as: "admin", key: newKey() });
    const decide = (reversalId: string, verb: string) =>
      at.api.post(`/admin/reversals/${reversalId}/${verb}`, { reason: "by hand" }, { as: "admin" });
    const pay = async (act: "pay" | "pay-less", state: string) => {
      const { orderId } = await at.order();
      at.fake.act(orderId, act);
      await within(SCHEDULE_MS, async () => expect((await fileOf(orderId)).payments).toMatchObject([{ state }]));
      return { orderId, paymentId: (await fileOf(orderId)).payments[0].paymentId as string };
    };

    test("the credits are taken first, and staff confirms the money", async () => {
      const { orderId, paymentId } = await pay("pay", "credited");
      const before = (await at.api.balance()).balance;
      expect((await refund(paymentId)).body).toMatchObject({ code: "CHANNEL_CANNOT_REFUND" });
      const offer = await at.api.get(`/admin/payments/${paymentId}/refundable`, "admin");
      expect(offer.body).toMatchObject({ byHand: true, parts: false, most: { minor: 990 }, why: null });
      const { status, body } = await refund(paymentId, { byHand: true, amountMinor: 495 });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { state: "stuck", takenCredits: 50, takenBonus: 5 },
      });
      expect((await at.api.balance()).balance).toBe(before - 55);
      expect((await decide(body.reversalId, "retry")).body).toMatchObject({ state: "stuck" });
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 0 } });
      expect((await decide(body.reversalId, "settled-by-hand")).body).toMatchObject({ state: "done" });
      expect((await decide(body.reversalId, "settled-by-hand")).body).toMatchObject({
        code: "NOT_STUCK",
        state: "done",
      });
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 495 } });
      expect((await at.api.balance()).balance).toBe(before - 55);
    });

    test("a payment in review goes back as a whole, without credits, and is returned then", async () => {
      const { orderId, paymentId } = await pay("pay-less", "review");
      const before = (await at.api.balance()).balance;
      expect((await refund(paymentId, { byHand: true, amountMinor: 5 })).body).toMatchObject({
        code: "VALIDATION_FAILED",
      });
      const { body } = await refund(paymentId, { byHand: true });
      expect(body).toMatchObject({ state: "stuck", amount: { minor: 989 }, askedCredits: 0, takenCredits: 0 });
      expect((await decide(body.reversalId, "settled-by-hand")).body).toMatchObject({ state: "done" });
      expect((await fileOf(orderId)).payments).toMatchObject([{ state: "returned" }]);
      expect((await refund(paymentId, { byHand: true })).body).toMatchObject({
        code: "PAYMENT_NOT_REFUNDABLE",
        state: "returned",
      });
      expect((await at.api.balance()).balance).toBe(before);
    });
  });
}

describeOn("sqlite")("reversals that no notice brought, on sqlite", { timeout: timeLimit(180) }, () => {
  test("a dispute whose notices are lost is found among the recent notices of a server that starts, and suspends its user", async () => {
    const at = await startRefundServer("sqlite", { DISPUTE_SUSPENDS: "on" });
    const { orderId } = await at.sell();
    at.fake.turn({ lose: 1 });
    at.fake.act(orderId, "dispute");
    await at.api.server.api.stop();
    await using again = await startApi({
      databaseUrl: at.api.server.database.url,
      env: { ...at.env, ADMIN_EMAILS: "admin@example.com", PORT: "0" },
    });
    expect(again.url).not.toBe("");
    await within(SCHEDULE_MS, () =>
      at.withReversals(async ({ reversals, users, orders, payments }) => {
        const order = await orders.findById(orderId);
        const [payment] = order ? await payments.ofOrders(order.userId, [orderId]) : [];
        expect(payment && (await reversals.ofPayments(payment.userId, [payment.id]))).toMatchObject([
          { kind: "dispute", state: "taken", takenCredits: 100, takenBonus: 10 },
        ]);
        expect((await users.find(payment?.userId ?? (user.email as never)))?.suspendedAtMs).not.toBeNull();
      }),
    );
    await again.stop();
    await at.stop();
  });
});
