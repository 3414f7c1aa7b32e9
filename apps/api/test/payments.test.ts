import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`payments on ${kind}`, () => {
    let at: TopUpServer;
    /** What the client expects to have: it counts by itself. */
    let expected = 100;
    beforeAll(async () => {
      at = await startTopUpServer(kind);
    });
    afterAll(() => at.stop());

    const isCredited = async (orderId: string) => expect(await at.find(orderId)).toMatchObject({ state: "credited" });
    const fileOf = async (orderId: string) => (await at.api.get(`/admin/orders/${orderId}`, "admin")).body;
    const expectExact = async () => expect(await at.api.balance()).toMatchObject({ balance: expected });
    /** The notices that were sent for an order, all delivered. */
    const deliveries = (orderId: string) => at.fake.deliveries.filter(({ number }) => number === orderId);
    const expectDelivered = (orderId: string, count: number) =>
      within(SCHEDULE_MS, async () => expect(deliveries(orderId).length).toBeGreaterThanOrEqual(count));

    test("a paid order is credited by its notice, with the bonus as a grant of its own, and the notice is acknowledged", async () => {
      const { orderId, pay } = await at.order();
      expect(pay).toMatchObject({ kind: "redirect" });
      at.fake.act(orderId, "pay");
      await within(SCHEDULE_MS, () => isCredited(orderId));
      expected += 110;
      await expectExact();
      const { events, payments } = await fileOf(orderId);
      expect(payments).toMatchObject([
        { state: "credited", source: "notice", amount: { minor: 990, currency: "CNY", text: "9.90" }, live: false },
      ]);
      const what = events.map((event: { what: string }) => event.what);
      expect(what).toEqual(["created", "payable", "payment accepted", "credits granted"]);
      const { body } = await at.api.get("/credits/grants");
      expect(body.items).toMatchObject([
        { source: "bonus", amount: 10, expiresAt: expect.any(String) },
        { source: "purchase", amount: 100, expiresAt: null },
        { source: "initial" },
      ]);
      await expectDelivered(orderId, 1);
      expect(deliveries(orderId)).toMatchObject([{ isAcknowledged: true }]);
    });

    test("a payment whose notice is lost is found by the schedule, and by the user who asks", async () => {
      at.fake.turn({ lose: 1 });
      const [waiting, asked] = [await at.order("p7"), await at.order("p7")];
      at.fake.act(waiting.orderId, "pay");
      at.fake.act(asked.orderId, "pay");
      const { status, body } = await at.api.post(`/orders/${asked.orderId}/check`, {});
      expect({ status, body }).toMatchObject({ status: 200, body: { state: "credited" } });
      await within(SCHEDULE_MS, () => isCredited(waiting.orderId));
      at.fake.turn({ lose: 0 });
      expected += 14;
      await expectExact();
      expect((await fileOf(waiting.orderId)).payments).toMatchObject([{ source: "query" }]);
    });

    test("a notice that is repeated, concurrently and later, is credited once and counted", async () => {
      at.fake.turn({ repeat: 12 });
      const { orderId } = await at.order();
      at.fake.act(orderId, "pay");
      await expectDelivered(orderId, 12);
      at.fake.turn({ repeat: 1 });
      await within(SCHEDULE_MS, () => isCredited(orderId));
      expected += 110;
      await expectExact();
      const { events, payments } = await fileOf(orderId);
      expect(payments).toHaveLength(1);
      const accepted = events.find(({ what }: { what: string }) => what === "payment accepted");
      expect(accepted.repeats).toBeGreaterThanOrEqual(1);
      expect((await at.api.get("/credits/transactions?kind=grant&limit=100")).body.items).toHaveLength(
        new Set((await at.api.get("/credits/transactions?kind=grant&limit=100")).body.items.map(JSON.stringify)).size,
      );
    });

    test("a forged notice of any kind is refused, credits nothing and changes no row of the order", async () => {
      const { orderId } = await at.order();
      for (const forgery of at.fake.forgeries) at.fake.act(orderId, "forge", forgery);
      await expectDelivered(orderId, at.fake.forgeries.length);
      expect(deliveries(orderId).filter(({ isAcknowledged }) => isAcknowledged)).toEqual([]);
      const { state, events, payments } = await fileOf(orderId);
      expect({ state, payments, events: events.length }).toEqual({ state: "open", payments: [], events: 2 });
      await expectExact();
      // A forged notice does not keep the order from being paid.
      at.fake.act(orderId, "pay");
      await within(SCHEDULE_MS, () => isCredited(orderId));
      expected += 110;
      await expectExact();
    });

    test("a payment of a cent less is recorded and acknowledged, waits for staff, and grants nothing", async () => {
      const { orderId } = await at.order();
      at.fake.act(orderId, "pay-less");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ needsHelp: true }));
      expect(await at.find(orderId)).toMatchObject({ state: "open", paidAt: null, transactionId: null });
      const { payments } = await fileOf(orderId);
      expect(payments).toMatchObject([{ state: "review", reason: "amount", amount: { minor: 989 } }]);
      await expectDelivered(orderId, 1);
      expect(deliveries(orderId).at(-1)).toMatchObject({ isAcknowledged: true });
      await expectExact();
    });

    test("of two payments of one order, one is credited and the other one waits for staff", async () => {
      const { orderId } = await at.order();
      at.fake.act(orderId, "pay-twice");
      await within(SCHEDULE_MS, async () => {
        const { payments } = await fileOf(orderId);
        expect(payments.map(({ state }: { state: string }) => state).toSorted()).toEqual(["credited", "review"]);
      });
      const { payments } = await fileOf(orderId);
      expect(payments.find(({ state }: { state: string }) => state === "review")).toMatchObject({ reason: "surplus" });
      expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: true });
      expected += 110;
      await expectExact();
    });

    test("two orders that are both paid are two purchases", async () => {
      const orders = [await at.order("p7"), await at.order("p100")];
      for (const { orderId } of orders) at.fake.act(orderId, "pay");
      for (const { orderId } of orders) await within(SCHEDULE_MS, () => isCredited(orderId));
      expected += 117;
      await expectExact();
    });

    test("an order that was cancelled too late is credited, and one that the provider cannot close stays open", async () => {
      const [paid, unpaid] = [await at.order("p7"), await at.order("p7")];
      at.fake.turn({ lose: 1 });
      at.fake.act(paid.orderId, "pay");
      const late = await at.api.post(`/orders/${paid.orderId}/cancel`, {});
      expect(late).toMatchObject({ status: 200, body: { state: "credited" } });
      const kept = await at.api.post(`/orders/${unpaid.orderId}/cancel`, {});
      expect(kept).toMatchObject({ status: 200, body: { state: "open" } });
      at.fake.turn({ lose: 0 });
      expected += 7;
      await expectExact();
    });

    test("while the provider is away, an order is neither closed nor credited, and afterwards it is credited", async () => {
      const { orderId } = await at.order("p7");
      at.fake.turn({ lose: 1, answers: "500" });
      at.fake.act(orderId, "pay");
      const away = await at.api.post(`/orders/${orderId}/check`, {});
      expect(away).toMatchObject({ status: 503, body: { code: "GATEWAY_UNAVAILABLE" } });
      expect(await at.find(orderId)).toMatchObject({ state: "open" });
      at.fake.turn({ lose: 0, answers: "normal" });
      await within(SCHEDULE_MS, () => isCredited(orderId));
      expected += 7;
      await expectExact();
    });

    describe("notices that cannot be used", () => {
      const notify = (init: RequestInit, channel = "epay", query = "") =>
        fetch(`${at.api.server.api.url}/payments/${channel}/notify${query}`, init);

      test("a notice of 64 KB is refused in the provider's form, and one without a channel with 404", async () => {
        const large = await notify({ method: "POST", body: "a=".padEnd(70_000, "1") });
        expect({ status: large.status, body: await large.text() }).toEqual({ status: 200, body: "fail" });
        const other = await notify({ method: "POST", body: "a=1" }, "stripe");
        expect(other.status).toBe(404);
        for (const init of [
          { method: "GET" },
          { method: "POST" },
          { method: "POST", body: new Uint8Array([255, 0]) },
        ]) {
          const answer = await notify(init);
          expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: "fail" });
        }
      });

      test("a browser that returns is sent to the site with the id of its order, and nothing is credited", async () => {
        const { orderId } = await at.order("p7", { returnUrl: "http://localhost:3000/done?tab=2" });
        const back = (id: string) =>
          fetch(`${at.api.server.api.url}/payments/epay/return/${id}?trade_status=TRADE_SUCCESS`, {
            redirect: "manual",
          });
        const answer = await back(orderId);
        expect(answer.status).toBe(303);
        expect(answer.headers.get("location")).toBe(`http://localhost:3000/done?tab=2&order=${orderId}`);
        expect((await back("0".repeat(32))).status).toBe(404);
        expect(await at.find(orderId)).toMatchObject({ state: "open" });
        await expectExact();
      });

      test("a browser that paid on the account pages of the server returns to them", async () => {
        const { items } = (await at.api.get("/admin/channels", "admin")).body;
        const returnUrl = new URL("/account/orders", items[0].notifyUrl).href;
        const { orderId } = await at.order("p7", { returnUrl });
        const answer = await fetch(`${at.api.server.api.url}/payments/epay/return/${orderId}`, { redirect: "manual" });
        expect(answer.headers.get("location")).toBe(`${returnUrl}?order=${orderId}`);
      });
    });
  });
}
