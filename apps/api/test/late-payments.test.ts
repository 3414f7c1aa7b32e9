import { type Order, openDatabase } from "@jifen/database";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { type FakeGateway, startStripe } from "@jifen/testkit/gateways";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Change, changeDatabase } from "./change-database.ts";
import { createMovableClock, type MovableClock } from "./movable-clock.ts";
import { newKey } from "./start-api-with-admin.ts";
import { SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Orders can be paid for half an hour. One that cannot be closed at the provider is left open five minutes longer. */
const [END_MS, CLOSED_MS] = [31 * MINUTE_MS, 36 * MINUTE_MS];

/** Sets a column of an order, as it is after the settings of a channel were changed. */
const setColumn = (orderId: string, column: "channel" | "merchant" | "provider_ref", value: string): Change => ({
  sql: `UPDATE orders SET ${column} = '${value}' WHERE id = '${orderId}'`,
  mongodb: (db) => db.collection("orders").updateOne({ "_id.id": orderId }, { $set: { [column]: value } }),
});

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`orders whose time is over on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: TopUpServer;
    let stripe: FakeGateway;
    let clock: MovableClock;
    beforeAll(async () => {
      clock = createMovableClock();
      stripe = await startStripe();
      at = await startTopUpServer(kind, { ...stripe.settings, ...clock.env, STRIPE_CURRENCIES: "CNY" });
    });
    afterAll(async () => {
      await at.stop();
      await stripe[Symbol.asyncDispose]();
      clock[Symbol.dispose]();
    });
    // What a test gets is its own.
    beforeEach(() => at.api.fund());

    /** Lets time pass, at the server and at the providers. */
    const pass = async (ms: number) => {
      for (const fake of [at.fake, stripe]) fake.turn({ clockMs: clock.aheadMs() + ms });
      await clock.move(ms);
    };
    const expectBalance = async (balance: number) => expect(await at.api.balance()).toMatchObject({ balance });
    const until = (orderId: string, like: object) =>
      within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject(like));
    const fileOf = async (orderId: string) => (await at.api.get(`/admin/orders/${orderId}`, "admin")).body;
    const eventsOf = async (orderId: string): Promise<readonly string[]> =>
      (await fileOf(orderId)).events.map(({ what, source }: { what: string; source: string }) => `${what}, ${source}`);
    /** An order that was not paid in its time. */
    const closed = async (packId = "p7"): Promise<string> => {
      const { orderId } = await at.order(packId);
      await pass(CLOSED_MS);
      await until(orderId, { state: "closed", pay: null, paidAt: null });
      return orderId;
    };
    const orderOf = async (orderId: string): Promise<Order> => {
      const database = await openDatabase(at.api.server.database.url, { migrate: false });
      const order = await database.orders.findById(orderId);
      await database.close();
      if (!order) throw new Error(`there is no order ${orderId}`);
      return order;
    };
    /** When the schedule asks about an order next; null: never. */
    const nextCheckMs = async (orderId: string) => (await orderOf(orderId)).nextCheckMs;
    /** Waits until the schedule has asked about an order that is due. */
    const untilAsked = (orderId: string) =>
      within(SCHEDULE_MS, async () =>
        expect((await nextCheckMs(orderId)) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(clock.now() + MINUTE_MS),
      );
    /** Pays at the provider, whose notice is lost. */
    const paySilently = (orderId: string) => {
      at.fake.turn({ lose: 1 });
      at.fake.act(orderId, "pay");
      at.fake.turn({ lose: 0 });
    };

    test("an order that is not paid in its time is closed at the provider by the schedule, and its user can buy again", async () => {
      const once = { packId: "once", channel: "stripe" };
      const { orderId } = await at.order("once", { channel: "stripe" });
      expect((await at.api.post("/orders", once, { key: newKey() })).body).toMatchObject({ code: "ALREADY_BOUGHT" });
      await pass(END_MS);
      await until(orderId, { state: "closed", pay: null });
      expect(await eventsOf(orderId)).toEqual(["created, caller", "payable, query", "closed by the provider, query"]);
      expect(stripe.books.find(orderId)).toMatchObject({ isClosed: true });
      expect(() => stripe.act(orderId, "pay")).toThrow("closed");
      const again = await at.api.post("/orders", once, { key: newKey() });
      expect(again).toMatchObject({ status: 200, body: { state: "open" } });
      await at.api.post(`/orders/${again.body.orderId}/cancel`, {});
    });

    test.each([
      { act: "pay", state: "credited", credits: 7, says: "is credited when it arrives days later" },
      {
        act: "close",
        state: "closed",
        credits: 0,
        says: "ends the order when the provider says that it will not arrive",
      },
    ] as const)("money that takes days keeps its order open after its end, and $says", async (arriving) => {
      const { orderId } = await at.order("p7", { channel: "stripe" });
      stripe.act(orderId, "pend");
      for (const ms of [END_MS, 2 * HOUR_MS, 30 * HOUR_MS]) {
        await pass(ms);
        await untilAsked(orderId);
        expect(await at.find(orderId)).toMatchObject({ state: "open", needsHelp: false });
      }
      stripe.act(orderId, arriving.act);
      await pass(2 * HOUR_MS);
      await until(orderId, { state: arriving.state });
      await expectBalance(arriving.credits);
    });

    test("an order that was paid in its last minute without a notice is credited at its end, not closed", async () => {
      const { orderId } = await at.order("p7");
      paySilently(orderId);
      await pass(END_MS);
      await until(orderId, { state: "credited" });
      await expectBalance(7);
      expect(await eventsOf(orderId)).not.toContain("closed by the provider, query");
    });

    test("an order that its provider cannot close stays open for five minutes after its end", async () => {
      const { orderId } = await at.order("p7");
      await pass(END_MS);
      const checked = await at.api.post(`/orders/${orderId}/check`, {});
      expect(checked).toMatchObject({ status: 200, body: { state: "open" } });
      await pass(CLOSED_MS - END_MS);
      await until(orderId, { state: "closed" });
    });

    test("money that arrives by a notice for a closed order is credited by the terms of the order", async () => {
      const orderId = await closed("p100");
      at.fake.act(orderId, "pay");
      await until(orderId, { state: "credited", needsHelp: false, credits: 100, bonusCredits: 10 });
      await expectBalance(110);
      expect((await eventsOf(orderId)).slice(2)).toEqual([
        ...["closed by the provider, query", "payment accepted, notice", "credits granted, notice"],
      ]);
    });

    test("money that arrives for a closed order without a notice is found by the schedule an hour after its end", async () => {
      const orderId = await closed();
      paySilently(orderId);
      await pass(HOUR_MS);
      await until(orderId, { state: "credited" });
      expect((await fileOf(orderId)).payments).toMatchObject([{ state: "credited", source: "query" }]);
      await expectBalance(7);
    });

    test("money that arrives after the last look is credited when its user or its notice asks", async () => {
      const [byUser, byNotice] = [await closed(), await closed()];
      // The last look is a day after the end.
      for (const ms of [HOUR_MS, 24 * HOUR_MS]) {
        await pass(ms);
        await untilAsked(byUser);
        await untilAsked(byNotice);
      }
      expect([await nextCheckMs(byUser), await nextCheckMs(byNotice)]).toEqual([null, null]);
      paySilently(byUser);
      const checked = await at.api.post(`/orders/${byUser}/check`, {});
      expect(checked).toMatchObject({ status: 200, body: { state: "credited" } });
      at.fake.act(byNotice, "pay");
      await until(byNotice, { state: "credited" });
      await expectBalance(14);
    });

    test("a cent too little that arrives late waits for staff, who credit the terms of the order", async () => {
      const orderId = await closed();
      at.fake.act(orderId, "pay-less");
      await until(orderId, { state: "closed", needsHelp: true });
      await expectBalance(0);
      const [{ paymentId, reason }] = (await fileOf(orderId)).payments;
      expect(reason).toBe("amount");
      const accepted = await at.api.post(`/admin/payments/${paymentId}/accept`, { reason: "late" }, { as: "admin" });
      expect(accepted).toMatchObject({ status: 200, body: { state: "credited" } });
      expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: false });
      await expectBalance(7);
    });

    describe.each([
      { column: "channel", value: "alipay", says: "whose channel is no longer set up" },
      { column: "merchant", value: "a-former-merchant", says: "of a former merchant" },
    ] as const)("an order $says", ({ column, value, says }) => {
      const former = async () => {
        const { orderId } = await at.order("once");
        const { merchant } = await orderOf(orderId);
        await changeDatabase(at.api.server.database, setColumn(orderId, column, value));
        const original = column === "channel" ? "epay" : merchant;
        return { orderId, back: () => changeDatabase(at.api.server.database, setColumn(orderId, column, original)) };
      };

      test(`an order ${says} is closed by the schedule a day after its end, and credited by money that comes after all`, async () => {
        const { orderId, back } = await former();
        for (const ms of [END_MS, HOUR_MS]) {
          await pass(ms);
          await within(SCHEDULE_MS, async () =>
            expect((await orderOf(orderId)).nextCheckMs ?? 0).toBeGreaterThan(clock.now()),
          );
        }
        expect(await at.find(orderId)).toMatchObject({ state: "open" });
        await pass(24 * HOUR_MS);
        await until(orderId, { state: "closed", pay: null });
        expect((await eventsOf(orderId)).slice(2)).toEqual(["closed without the provider, time"]);
        await back();
        at.fake.act(orderId, "pay");
        await until(orderId, { state: "credited" });
        await expectBalance(5);
      });

      test(`an order ${says} is closed by its user after its end, who can buy the pack again`, async () => {
        const { orderId } = await former();
        const cancel = () => at.api.post(`/orders/${orderId}/cancel`, {});
        expect(await cancel()).toMatchObject({ status: 503, body: { code: "GATEWAY_UNAVAILABLE" } });
        await pass(END_MS);
        expect(await cancel()).toMatchObject({ status: 200, body: { state: "closed" } });
        expect((await eventsOf(orderId)).slice(2)).toEqual(["closed without the provider, caller"]);
        const { orderId: second } = await at.order("once");
        expect(await at.api.post(`/orders/${second}/cancel`, {})).toMatchObject({ status: 200 });
        await pass(CLOSED_MS);
        await until(second, { state: "closed" });
      });
    });

    test.each([
      { channel: "epay", column: "merchant", says: "of a former merchant" },
      { channel: "epay", column: "channel", says: "of another channel" },
      { channel: "stripe", column: "provider_ref", says: "that the account does not have" },
    ] as const)("a notice about an order $says is kept as a stray, and grants nothing", async ({ channel, column }) => {
      const { orderId } = await at.order("p7", { channel });
      await changeDatabase(at.api.server.database, setColumn(orderId, column, "alipay"));
      const fake = channel === "stripe" ? stripe : at.fake;
      fake.turn({ notifyUrl: `${at.api.server.api.url}/payments/${channel}/notify`, retries: 0 });
      fake.act(orderId, "pay");
      const straysOf = async () => {
        const { items } = (await at.api.get("/admin/reviews?kind=stray&limit=100", "admin")).body;
        return items.filter((stray: { orderId: string }) => stray.orderId === orderId);
      };
      await within(SCHEDULE_MS, async () =>
        expect(await straysOf()).toMatchObject([{ what: { channel, amount: { minor: 70 } }, can: ["resolve"] }]),
      );
      fake.turn({ notifyUrl: "", retries: 5 });
      expect(await at.find(orderId)).toMatchObject({ state: "open", needsHelp: false });
      await expectBalance(0);
      await pass(END_MS);
      expect(await at.api.post(`/orders/${orderId}/cancel`, {})).toMatchObject({ body: { state: "closed" } });
    });

    test("an order that the account does not have keeps no other order of its channel from being asked about", async () => {
      const { orderId: lost } = await at.order("p7", { channel: "stripe" });
      const { orderId } = await at.order("p7", { channel: "stripe" });
      await changeDatabase(at.api.server.database, setColumn(lost, "provider_ref", "cs_of_another_account"));
      for (let attempt = 0; attempt < 7; attempt += 1) {
        const { body } = await at.api.post(`/orders/${lost}/cancel`, {});
        expect(body).toMatchObject({ code: "GATEWAY_UNAVAILABLE" });
      }
      const channels = (await at.api.get("/admin/channels", "admin")).body.items;
      expect(channels).toContainEqual(expect.objectContaining({ channel: "stripe", isResting: false }));
      expect(await at.api.post(`/orders/${orderId}/cancel`, {})).toMatchObject({
        status: 200,
        body: { state: "closed" },
      });
      await pass(END_MS);
      expect(await at.api.post(`/orders/${lost}/cancel`, {})).toMatchObject({ status: 200, body: { state: "closed" } });
    });

    test("late money for a pack that is sold once is credited although its user has bought it again", async () => {
      const orderId = await closed("once");
      const { orderId: second } = await at.order("once");
      at.fake.act(second, "pay");
      await until(second, { state: "credited" });
      at.fake.act(orderId, "pay");
      await until(orderId, { state: "credited" });
      await expectBalance(10);
    });
  });
}
