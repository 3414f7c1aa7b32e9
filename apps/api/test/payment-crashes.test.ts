import { setTimeout as sleep } from "node:timers/promises";
import { grantKeyOf, minorUnits, type PaymentFact } from "@jifen/billing";
import { accountOf, credits, grantId, idempotencyKey, userId } from "@jifen/core";
import { type Database, openDatabase, type Payment } from "@jifen/database";
import { bySystem } from "@jifen/ledger";
import { type Api, callRest, databaseKinds, describeOn, freePort, type RestAnswer, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newPayment } from "../src/modules/billing/payments/new-payment.ts";
import { paymentIdOf } from "../src/modules/billing/payments/payment-id.ts";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { createIds } from "../src/values/ids.ts";
import { admin, newKey } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { openPage, SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";

const JWT_SECRET = "a-secret-that-every-server-of-these-tests-has";
const newId = createIds(Date.now);

/** What a process has done of a payment before it was killed. */
const cuts = [
  { granted: 0, says: "the payment was recorded" },
  { granted: 1, says: "the purchase was granted" },
  { granted: 2, says: "purchase and bonus were granted" },
];

for (const kind of databaseKinds) {
  describeOn(kind)(`payments and crashes on ${kind}`, () => {
    let at: TopUpServer;
    /** The server that runs now: each test leaves one. */
    let api: Api;
    let expected = 100;
    beforeAll(async () => {
      const port = String(await freePort());
      at = await startTopUpServer(kind, { JWT_SECRET, EPAY_MODE: "api", PORT: port });
      api = at.api.server.api;
    });
    afterAll(async () => {
      await api.stop();
      await at.stop();
    });

    const start = () =>
      startApi({
        databaseUrl: at.api.server.database.url,
        env: { ...at.env, ADMIN_EMAILS: admin.email },
      });
    const restart = async () => {
      await api.stop("SIGKILL");
      api = await start();
    };
    const get = (path: string) => callRest(api.url, "GET", path, { token: at.api.tokens.user });
    const buy = (packId: string, key: string) =>
      callRest(api.url, "POST", "/orders", {
        ...{ token: at.api.tokens.user, body: { packId, channel: "epay" }, headers: { "idempotency-key": key } },
      });
    const order = async (packId = "p100") => {
      // Those that are paid count as unfinished until their notices have arrived.
      let bought: RestAnswer | undefined;
      await within(SCHEDULE_MS, async () => {
        bought = await buy(packId, newKey());
        expect(bought).toMatchObject({ status: 200, body: { state: "open" } });
      });
      await openPage(bought?.body);
      return bought?.body;
    };
    const expectCredited = (orderId: string) =>
      within(SCHEDULE_MS, async () =>
        expect((await get(`/orders/${orderId}`)).body).toMatchObject({ state: "credited" }),
      );
    const expectExact = async () => expect((await get("/credits/balance")).body).toMatchObject({ balance: expected });

    describe("an order whose server is killed while it asks the gateway", () => {
      /** @returns the number of the trade that the gateway has made */
      const orderAndKill = async (key: string): Promise<string> => {
        const before = new Set(at.fake.books.trades.keys());
        at.fake.turn({ answers: "hang" });
        const asked = buy("p100", key).catch(() => undefined);
        const made = () => [...at.fake.books.trades.keys()].filter((number) => !before.has(number));
        await within(SCHEDULE_MS, async () => expect(made()).toHaveLength(1));
        await restart();
        await asked;
        at.fake.turn({ answers: "normal" });
        return `${made()[0]}`;
      };

      test("the retry of the caller gets the same trade, and no second one is made", async () => {
        const key = newKey();
        const number = await orderAndKill(key);
        const trades = at.fake.books.trades.size;
        const again = await buy("p100", key);
        expect(again).toMatchObject({ status: 200, body: { orderId: number, state: "open" } });
        expect(at.fake.books.trades.size).toBe(trades);
        at.fake.act(number, "pay");
        await expectCredited(number);
        expected += 110;
        await expectExact();
      });

      test("a payment of the trade finds the order, although no answer of the gateway was stored", async () => {
        const number = await orderAndKill(newKey());
        at.fake.act(number, "pay");
        await expectCredited(number);
        expected += 110;
        await expectExact();
      });
    });

    describe("a payment whose server is killed", () => {
      /** Does what a server does of a payment, up to a point. */
      const payUntil = async (database: Database, orderId: string, granted: number): Promise<Payment> => {
        const stored = await database.orders.findById(orderId);
        if (!stored) throw new Error("there is no order");
        const { channel, merchant, live, amountMinor, currency } = stored;
        const fact: PaymentFact = {
          ...{ channel, merchant, live, orderId, txnId: `2026${Date.now()}`, paidAtMs: Date.now() },
          amount: { minor: minorUnits(amountMinor), currency },
        };
        const nowMs = Date.now();
        const recorded = await database.payments.record({ order: stored, id: paymentIdOf(fact) }, () => ({
          payment: newPayment(fact, stored, { reason: undefined, source: "notice", nowMs, nextCheckMs: nowMs, newId }),
          order: { state: "paid", nextCheckMs: null },
          event: { atMs: nowMs, what: "payment accepted", source: "notice" },
        }));
        if (!recorded.ok) throw new Error(recorded.refusal.code);
        const { payment } = recorded.value;
        for (const isBonus of [false, true].slice(0, granted)) {
          const outcome = await openLedger(database, newId).grant({
            ...bySystem,
            accountId: accountOf(userId(user.email)),
            idempotencyKey: idempotencyKey.ofSystem(`${grantKeyOf(fact)}${isBonus ? ":bonus" : ""}`),
            grantId: grantId(`${isBonus ? payment.bonusGrantId : payment.grantId}`),
            amount: credits(isBonus ? payment.bonusCredits : payment.credits),
            source: isBonus ? "bonus" : "purchase",
            priority: payment.priority,
            expiresAtMs: isBonus ? payment.bonusExpiresAtMs : payment.expiresAtMs,
            reason: `order:${payment.orderId}`,
          });
          expect(outcome.ok).toBe(true);
        }
        return payment;
      };

      test.each(cuts)("when $says, another process does the rest, to the credit", async ({ granted }) => {
        const { orderId } = await order();
        await api.stop("SIGKILL");
        const database = await openDatabase(at.api.server.database.url, { migrate: false });
        const { id } = await payUntil(database, orderId, granted);
        await database.close();
        api = await start();
        await expectCredited(orderId);
        expected += 110;
        await expectExact();
        const { body } = await callRest(api.url, "GET", `/admin/orders/${orderId}`, { token: at.api.tokens.admin });
        expect(body.payments).toMatchObject([{ paymentId: id, state: "credited" }]);
      });
    });

    test("a server that is killed again and again while orders are paid credits each of them once", async () => {
      at.fake.turn({ repeat: 3, shuffle: true, delayMs: 1_500 });
      const orders: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        for (const packId of ["p7", "p100", "p7"]) {
          const { orderId } = await order(packId);
          orders.push(orderId);
          at.fake.act(orderId, "pay");
        }
        await sleep(300 * round);
        await restart();
      }
      for (const orderId of orders) await expectCredited(orderId);
      at.fake.turn({ repeat: 1, shuffle: false, delayMs: 0 });
      expected += 3 * (7 + 110 + 7);
      await expectExact();
    });

    // A SQLite file has one server.
    test.skipIf(kind === "sqlite")("two servers that hear of the same payments credit each of them once", async () => {
      await using second = await startApi({
        databaseUrl: at.api.server.database.secondUrl,
        env: { ...at.env, PORT: "0" },
      });
      at.fake.turn({ repeat: 4, shuffle: true, delayMs: 500 });
      const orders = [await order("p100"), await order("p7"), await order("p100")];
      const asking: Promise<unknown>[] = [];
      for (const { orderId } of orders) {
        at.fake.act(orderId, "pay");
        const check = { token: at.api.tokens.user, body: {} };
        for (const { url } of [api, second, api, second]) {
          asking.push(callRest(url, "POST", `/orders/${orderId}/check`, check));
        }
      }
      await Promise.all(asking);
      for (const { orderId } of orders) await expectCredited(orderId);
      await within(SCHEDULE_MS, async () => expect(at.fake.deliveries.length).toBeGreaterThan(3));
      at.fake.turn({ repeat: 1, shuffle: false, delayMs: 0 });
      expected += 110 + 7 + 110;
      await expectExact();
    });
  });
}
