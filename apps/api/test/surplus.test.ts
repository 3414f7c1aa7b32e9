import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`second payments that go back by themselves on ${kind}`, () => {
    let at: TopUpServer;
    beforeAll(async () => {
      at = await startTopUpServer(kind, { SURPLUS: "return", EPAY_REFUND: "on" });
    });
    afterAll(() => at.stop());

    const fileOf = async (orderId: string) => (await at.api.get(`/admin/orders/${orderId}`, "admin")).body;
    const refundsOf = (orderId: string) => at.fake.books.find(orderId)?.refunds;

    test("the money of the second payment goes back once, and the credits of the first one stay", async () => {
      const { orderId } = await at.order();
      at.fake.act(orderId, "pay-twice");
      await within(SCHEDULE_MS, async () => expect(refundsOf(orderId)).toHaveLength(1));
      const { payments, reversals } = await fileOf(orderId);
      const second = payments.find(({ reason }: { reason: string | null }) => reason === "surplus");
      expect(refundsOf(orderId)).toMatchObject([{ txnId: second.providerId, amountMinor: 990, state: "done" }]);
      // The provider is asked a minute later whether it is done.
      expect(reversals).toMatchObject([
        {
          paymentId: second.paymentId,
          kind: "refund",
          state: expect.stringMatching(/^(taken|sent|done)$/),
          takenCredits: 0,
        },
      ]);
      expect(await at.api.balance()).toMatchObject({ balance: 210 });
      const { body } = await at.api.get("/admin/audit?action=payments.refund", "admin");
      expect(body.items).toMatchObject([
        { actor: "system", reason: "surplus", details: { paymentId: second.paymentId, minor: 990 } },
      ]);
    });

    test("a payment of another amount still waits for staff", async () => {
      const { orderId } = await at.order();
      at.fake.act(orderId, "pay-less");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ needsHelp: true }));
      expect((await fileOf(orderId)).payments).toMatchObject([{ state: "review" }]);
      expect(refundsOf(orderId)).toEqual([]);
    });
  });
}
