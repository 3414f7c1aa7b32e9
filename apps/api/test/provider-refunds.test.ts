import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { type FakeGateway, startAlipay, startEpay, startWechatpay } from "@jifen/testkit/gateways";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { makeDue, type Paid, type RefundServer, startRefundServer } from "./refund-server.ts";
import { SCHEDULE_MS, within } from "./top-up-server.ts";

const all = { takenCredits: 100, takenBonus: 10, shortfall: 0, amount: { minor: 990 } };

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`refunds and disputes that providers report on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: RefundServer;
    const fakes = {} as { alipay: FakeGateway; epay: FakeGateway; wechatpay: FakeGateway };
    beforeAll(async () => {
      fakes.alipay = await startAlipay();
      fakes.epay = await startEpay();
      fakes.wechatpay = await startWechatpay();
      const { alipay, epay, wechatpay } = fakes;
      at = await startRefundServer(kind, { ...alipay.settings, ...epay.settings, ...wechatpay.settings });
      fakes.wechatpay.turn({ notifyUrl: `${at.api.server.api.url}/payments/wechatpay/notify` });
    });
    afterAll(async () => {
      const { stdout } = await jifen(at.api.server.database.url, "audit", "--json");
      await at.stop();
      for (const fake of Object.values(fakes)) await fake[Symbol.asyncDispose]();
      expect(JSON.parse(stdout).differences).toEqual([]);
    });

    const expectBalance = async (balance: number) => expect(await at.balance()).toBe(balance);
    const untilReversals = (orderId: string, like: readonly object[]) =>
      within(SCHEDULE_MS, async () => expect((await at.file(orderId)).reversals).toMatchObject(like));
    /** Sells a pack through another fake than that of Stripe. */
    async function sellBy(channel: keyof typeof fakes): Promise<Paid> {
      await at.api.fund();
      const { orderId } = await at.order("p100", { channel });
      fakes[channel].act(orderId, "pay");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
      return { orderId, paymentId: (await at.file(orderId)).payments[0].paymentId };
    }
    /** The notices of refunds that were sent for an order. */
    const noticesOf = (channel: keyof typeof fakes, orderId: string) =>
      fakes[channel].deliveries.filter(({ number, what }) => number === orderId && /refund/i.test(what));

    describe.each(["alipay", "wechatpay"] as const)("by %s", (channel) => {
      test(`a refund in the console of ${channel} takes the credits once, however often its notice comes`, async () => {
        const { orderId } = await sellBy(channel);
        fakes[channel].turn({ repeat: 6 });
        fakes[channel].act(orderId, "refund");
        await within(SCHEDULE_MS, async () => expect(noticesOf(channel, orderId).length).toBeGreaterThanOrEqual(6));
        fakes[channel].turn({ repeat: 1 });
        await untilReversals(orderId, [{ kind: "outside", state: "done", by: "system", ...all }]);
        await within(SCHEDULE_MS, async () => {
          const acknowledged = noticesOf(channel, orderId).filter(({ isAcknowledged }) => isAcknowledged);
          expect(acknowledged).toHaveLength(6);
        });
        await expectBalance(0);
        expect((await at.file(orderId)).reversals).toHaveLength(1);
        expect(await at.find(orderId)).toMatchObject({ state: "credited", refunded: { minor: 990 } });
      });

      test(`a forged notice of a refund by ${channel} is refused and takes nothing`, async () => {
        const { orderId } = await sellBy(channel);
        fakes[channel].turn({ forge: "foreign-key" });
        fakes[channel].act(orderId, "refund");
        await within(SCHEDULE_MS, async () => expect(noticesOf(channel, orderId)).toHaveLength(1));
        fakes[channel].turn({ forge: null });
        expect(noticesOf(channel, orderId)).toMatchObject([{ isAcknowledged: false }]);
        expect((await at.file(orderId)).reversals).toEqual([]);
        await expectBalance(110);
      });

      test(`a refund of ${channel} whose payment was not heard of is recorded with the payment`, async () => {
        await at.api.fund();
        const { orderId } = await at.order("p100", { channel });
        fakes[channel].turn({ lose: 1 });
        fakes[channel].act(orderId, "pay");
        fakes[channel].turn({ lose: 0 });
        fakes[channel].act(orderId, "refund");
        // Alipay's notice proves the payment too. WeChat Pay is asked, and says that the payment was refunded.
        const isCredited = channel === "alipay";
        const taken = isCredited ? all : { ...all, takenCredits: 0, takenBonus: 0 };
        await untilReversals(orderId, [{ kind: "outside", state: "done", ...taken }]);
        const state = isCredited ? "credited" : "returned";
        expect((await at.file(orderId)).payments).toMatchObject([{ state, amount: { minor: 990 } }]);
        await expectBalance(0);
      });

      test(`the notice of a refund by staff through ${channel} ends it, and is no second payment or refund`, async () => {
        const { orderId, paymentId } = await sellBy(channel);
        const { status, body } = await at.refund(paymentId, { amountMinor: 396 });
        expect({ status, body }).toMatchObject({ status: 200, body: { state: expect.stringMatching(/sent|done/) } });
        // Without the notice, WeChat Pay would be asked a minute later.
        await untilReversals(orderId, [{ kind: "refund", state: "done", takenCredits: 40, takenBonus: 4 }]);
        await within(SCHEDULE_MS, async () =>
          expect(noticesOf(channel, orderId)).toMatchObject([{ isAcknowledged: true }]),
        );
        const { payments, reversals } = await at.file(orderId);
        expect([payments.length, reversals.length]).toEqual([1, 1]);
        expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 396 } });
        await expectBalance(66);
      });
    });

    describe("a payment that was returned before it was heard of", () => {
      const decide = (paymentId: string, verdict: string) =>
        at.api.post(`/admin/payments/${paymentId}/${verdict}`, { reason: "returned" }, { as: "admin" });
      /** Pays an order, whose provider returns all or a part of the money, and loses both notices. */
      async function returnedBy(channel: keyof typeof fakes, partMinor?: number): Promise<Paid> {
        await at.api.fund();
        const { orderId } = await at.order("p100", { channel });
        const fake = fakes[channel];
        fake.turn({ lose: 1 });
        fake.act(orderId, "pay");
        const trade = fake.books.find(orderId);
        if (partMinor === undefined) fake.act(orderId, "refund");
        else if (trade?.payments[0]) {
          fake.books.refund(trade, trade.payments[0], { number: `part-${orderId}`, amountMinor: partMinor });
        }
        fake.turn({ lose: 0 });
        await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ needsHelp: true }));
        const { payments } = await at.file(orderId);
        expect(payments).toMatchObject([{ state: "review", reason: "returned", transactionId: null }]);
        await expectBalance(0);
        return { orderId, paymentId: payments[0].paymentId };
      }

      test.each(["alipay", "epay", "wechatpay"] as const)(
        "a payment of %s that was returned before it was heard of waits for staff, and grants nothing",
        async (channel) => {
          const { orderId, paymentId } = await returnedBy(channel);
          const reviews = (await at.api.get("/admin/reviews?kind=payment", "admin")).body.items;
          expect(reviews).toMatchObject([
            { orderId, what: { reason: "returned" }, can: ["accept", "dismiss", "return"] },
          ]);
          expect(await decide(paymentId, "dismiss")).toMatchObject({ status: 200, body: { state: "dismissed" } });
          await within(SCHEDULE_MS, async () =>
            expect(await at.find(orderId)).toMatchObject({ state: "closed", needsHelp: false }),
          );
          await expectBalance(0);
        },
      );

      test("a payment of WeChat Pay that was returned in part before it was heard of is credited when staff accepts it", async () => {
        const { orderId, paymentId } = await returnedBy("wechatpay", 300);
        expect(await decide(paymentId, "accept")).toMatchObject({ status: 200, body: { state: "credited" } });
        expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: false });
        await expectBalance(110);
      });
    });

    test("a refund that WeChat Pay cannot send to the user waits for staff, and their retry ends it", async () => {
      const { orderId, paymentId } = await sellBy("wechatpay");
      fakes.wechatpay.turn({ lose: 1 });
      const { body } = await at.refund(paymentId);
      fakes.wechatpay.turn({ lose: 0 });
      const [refund] = fakes.wechatpay.books.find(orderId)?.refunds ?? [];
      if (!refund) throw new Error("the provider has no refund");
      refund.state = "stuck";
      await makeDue(at, body);
      await untilReversals(orderId, [{ kind: "refund", state: "stuck", takenCredits: 100 }]);
      const reviews = (await at.api.get("/admin/reviews?kind=reversal", "admin")).body.items;
      expect(reviews).toMatchObject([{ reversalId: body.reversalId, orderId, can: ["retry", "settle"] }]);
      refund.state = "done";
      const retry = await at.api.post(`/admin/reversals/${body.reversalId}/retry`, { reason: "test" }, { as: "admin" });
      expect(retry).toMatchObject({ status: 200, body: { state: "done", takenCredits: 100 } });
      expect(fakes.wechatpay.books.find(orderId)?.refunds).toHaveLength(1);
      await expectBalance(0);
    });

    describe("payments of Stripe that are not known", () => {
      /** Delivers the notice of a refund, of which no other notice was delivered. */
      const deliverRefund = async (number: string) => {
        at.fake.act(number, "refund");
        await within(SCHEDULE_MS, async () => expect(deliveriesOf(number)).toMatchObject([{ isAcknowledged: true }]));
      };
      const deliveriesOf = (number: string) =>
        at.fake.deliveries.filter((each) => each.number === number && each.what === "refund.created");

      test("the notice of a refund by another program of the account is acknowledged, and changes nothing", async () => {
        const content = { amountMinor: 500, currency: "cny", title: "a book", method: "another program" };
        const urls = { notifyUrl: "", returnUrl: "", expiresAtMs: Number.MAX_SAFE_INTEGER };
        const trade = at.fake.books.open("another-program", { ...content, ...urls });
        if (typeof trade === "string") throw new Error(trade);
        at.fake.books.pay(trade);
        await deliverRefund("another-program");
        expect((await at.api.get("/admin/reviews", "admin")).body.items).toEqual([]);
      });

      test("the notice of a refund whose payment was not heard of records both", async () => {
        await at.api.fund();
        const { orderId } = await at.order("p100", { channel: "stripe" });
        at.fake.turn({ lose: 1 });
        at.fake.act(orderId, "pay");
        at.fake.turn({ lose: 0 });
        await deliverRefund(orderId);
        await untilReversals(orderId, [{ kind: "outside", state: "done", ...all }]);
        await expectBalance(0);
      });
    });

    describe("inquiries of Stripe", () => {
      const inquired = async () => {
        const paid = await at.sell();
        at.fake.act(paid.orderId, "inquire");
        await untilReversals(paid.orderId, [{ kind: "dispute", state: "asked", takenCredits: 0, takenBonus: 0 }]);
        return paid;
      };

      test.each([
        { ends: "drop", says: "that ends as one" },
        { ends: "win", says: "that is won before money has moved" },
      ] as const)("an inquiry $says blocks refunds meanwhile, and takes no credits", async ({ ends }) => {
        const { orderId, paymentId } = await inquired();
        expect((await at.refund(paymentId)).body).toMatchObject({ code: "PAYMENT_DISPUTED" });
        expect(await at.file(orderId)).toMatchObject({ payments: [{ disputed: true }], refunded: { minor: 0 } });
        await expectBalance(110);
        at.fake.act(orderId, ends);
        await untilReversals(orderId, [{ kind: "dispute", state: "failed", takenCredits: 0, shortfall: 0 }]);
        expect(await at.file(orderId)).toMatchObject({ payments: [{ disputed: false }], refunded: { minor: 0 } });
        await expectBalance(110);
        expect(await at.refund(paymentId)).toMatchObject({ status: 200, body: { takenCredits: 100, takenBonus: 10 } });
        await expectBalance(0);
      });

      test("an inquiry that becomes a dispute takes the credits then, as one reversal", async () => {
        const { orderId } = await inquired();
        at.fake.act(orderId, "dispute");
        await untilReversals(orderId, [{ kind: "dispute", state: "taken", ...all }]);
        await expectBalance(0);
        at.fake.act(orderId, "win");
        await untilReversals(orderId, [{ kind: "dispute", state: "failed", shortfall: 0 }]);
        await expectBalance(110);
      });

      test("a dispute that ended before it was heard of, without money moving, leaves no reversal", async () => {
        const paid = await at.sell();
        at.fake.turn({ lose: 1 });
        at.fake.act(paid.orderId, "inquire");
        at.fake.act(paid.orderId, "drop");
        at.fake.turn({ lose: 0 });
        await at.check(paid.orderId);
        expect((await at.file(paid.orderId)).reversals).toEqual([]);
        await expectBalance(110);
      });
    });
  });
}
