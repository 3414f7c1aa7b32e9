import { openDatabase } from "@jifen/database";
import { type Api, callRest, databaseKinds, describeOn, freePort, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordAcceptance } from "../src/modules/billing/reviews/accept-payment.ts";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { operatorPrincipal } from "../src/modules/identity/credentials/principal.ts";
import { createIds } from "../src/values/ids.ts";
import { addToBalance, addToInitialGrant, changeDatabase } from "./change-database.ts";
import { payAnother } from "./pay-another.ts";
import { admin, newKey } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { openPage, SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";
import { type Receiver, startReceiver } from "./webhook-receiver.ts";

const times = <Result>(count: number, make: (n: number) => Result) => Array.from({ length: count }, (_, n) => make(n));
const JWT_SECRET = "a-secret-that-every-server-of-these-tests-has";

for (const kind of databaseKinds) {
  describeOn(kind)(`reviews of payments on ${kind}`, () => {
    let at: TopUpServer;
    /** The server that runs now. */
    let api: Api;
    let receiver: Receiver;
    /** What the client expects to have: it counts by itself. */
    let expected = 100;
    beforeAll(async () => {
      receiver = await startReceiver();
      const env = { JWT_SECRET, WEBHOOK_ALLOW: "127.0.0.1", PORT: String(await freePort()) };
      at = await startTopUpServer(kind, env);
      api = at.api.server.api;
    });
    afterAll(async () => {
      await api.stop();
      await at.stop();
      await receiver.close();
    });

    const reviews = async (query = "") => (await at.api.get(`/admin/reviews?limit=100${query}`, "admin")).body.items;
    const decide = (paymentId: string, verdict: string, reason = "the customer is right") =>
      at.api.post(`/admin/payments/${paymentId}/${verdict}`, { reason }, { as: "admin" });
    const expectExact = async () => expect(await at.api.balance()).toMatchObject({ balance: expected });
    const changeBalance = async (by: number) => {
      const account = `user:${user.email}`;
      for (const change of [addToInitialGrant(by, account), addToBalance(by, account)]) {
        await changeDatabase(at.api.server.database, change);
      }
    };
    const audited = async (action: string) =>
      (await at.api.get(`/admin/audit?action=${action}&limit=100`, "admin")).body.items;
    /** An order that is paid with a cent less. @returns its entry of the review list */
    const underpaid = async (packId = "p100") => {
      const { orderId } = await at.order(packId);
      at.fake.act(orderId, "pay-less");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ needsHelp: true }));
      const entry = (await reviews()).find((review: { orderId: string }) => review.orderId === orderId);
      return { orderId, entry, paymentId: entry.paymentId as string };
    };

    test("a payment of a cent less is in the review list with both amounts, and is credited once however often it is accepted concurrently", async () => {
      const endpoint = { url: receiver.url, events: ["order.credited", "payment.review"], allUsers: true };
      const created = await at.api.post("/webhooks/endpoints", endpoint, { as: "admin" });
      const { orderId, entry, paymentId } = await underpaid();
      await receiver.waitFor(1);
      expect(entry).toMatchObject({
        ...{ kind: "payment", userId: user.email, can: ["accept", "dismiss", "return"], reversalId: null },
        what: { channel: "epay", reason: "amount", amount: { minor: 989, currency: "CNY" }, credits: 110, live: false },
        expected: { channel: "epay", amount: { minor: 990, currency: "CNY", text: "9.90" } },
      });
      expect(await reviews("&kind=stray")).toEqual([]);
      const answers = await Promise.all(times(8, () => decide(paymentId, "accept")));
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(7);
      for (const { status, body } of refused)
        expect({ status, body }).toMatchObject({ status: 409, body: { code: "NOT_IN_REVIEW" } });
      const accepted = answers.find(({ status }) => status === 200);
      expect(accepted?.body).toMatchObject({ paymentId, orderId, reason: "the customer is right" });
      await within(SCHEDULE_MS, async () =>
        expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: false }),
      );
      expected += 110;
      await expectExact();
      const { events, payments } = (await at.api.get(`/admin/orders/${orderId}`, "admin")).body;
      expect(payments).toMatchObject([{ state: "credited", transactionId: expect.any(String), credits: 100 }]);
      const what = events.map((event: { what: string }) => event.what);
      expect(what.slice(2)).toEqual(["payment needs a decision", "accepted by staff", "credits granted"]);
      expect(await audited("payments.accept")).toMatchObject([
        {
          ...{ actor: `user:${admin.email}`, subject: `user:${user.email}`, reason: "the customer is right" },
          details: { paymentId, orderId, reviewReason: "amount", amountMinor: 989, credits: 100, bonusCredits: 10 },
        },
      ]);
      expect(await reviews()).toEqual([]);
      const { body } = await at.api.get("/credits/grants");
      const bonus = body.items.find(({ source }: { source: string }) => source === "bonus");
      expect(Date.parse(bonus.expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000);
      await receiver.waitFor(2);
      const about = { userId: user.email, orderId, paymentId, channel: "epay", amount: { minor: 989 } };
      expect(receiver.received.map((each) => JSON.parse(each.body))).toMatchObject([
        { type: "payment.review", data: about },
        { type: "order.credited", data: { ...about, credits: 100, transactionId: payments[0].transactionId } },
      ]);
      await at.api.post(`/webhooks/endpoints/${created.body.endpoint.endpointId}/end`, {}, { as: "admin" });
    });

    test("a dismissed payment stays without credits when its notice comes again, and no decision follows", async () => {
      const { orderId, paymentId } = await underpaid("p7");
      expect(await decide(paymentId, "dismiss", "paid by mistake")).toMatchObject({
        status: 200,
        body: { state: "dismissed", reason: "paid by mistake", transactionId: null },
      });
      for (const verdict of ["accept", "dismiss"]) {
        expect(await decide(paymentId, verdict)).toMatchObject({
          status: 409,
          body: { code: "NOT_IN_REVIEW", state: "dismissed" },
        });
      }
      // Its trade is paid at the provider, so that no other payment can follow: it leaves its place to another order.
      await within(SCHEDULE_MS, async () =>
        expect(await at.find(orderId)).toMatchObject({ state: "closed", needsHelp: false, transactionId: null }),
      );
      expect((await at.api.post(`/admin/orders/${orderId}/check`, {}, { as: "admin" })).status).toBe(200);
      await expectExact();
      expect(await reviews()).toEqual([]);
      expect(await audited("payments.dismiss")).toHaveLength(1);
      expect(await decide(`pay-${"0".repeat(32)}`, "accept")).toMatchObject({
        status: 404,
        body: { code: "PAYMENT_NOT_FOUND" },
      });
    });

    test("a payment whose bonus is refused is not dismissed, because its purchase is granted; accepted later, it grants the bonus once", async () => {
      const nearLimit = 1_000_000_000_000_000 - expected - 105;
      await changeBalance(nearLimit);
      const { orderId } = await at.order();
      at.fake.act(orderId, "pay");
      await within(SCHEDULE_MS, async () => expect(await reviews()).toHaveLength(1));
      const [{ paymentId, what, can }] = await reviews();
      expect({ what, can }).toMatchObject({ what: { reason: "grant-refused" }, can: ["accept", "return"] });
      expect(await decide(paymentId, "dismiss")).toMatchObject({ status: 409, body: { code: "CREDITS_GRANTED" } });
      await changeBalance(-nearLimit);
      expected += 100;
      await expectExact();
      const again = await Promise.all(times(4, () => decide(paymentId, "accept")));
      expect(again.filter(({ status }) => status === 200)).toHaveLength(1);
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
      expected += 10;
      await expectExact();
      expect(await reviews()).toEqual([]);
    });

    test("the second payment of an order grants its terms once more when it is accepted", async () => {
      const { orderId } = await at.order("p7");
      at.fake.act(orderId, "pay-twice");
      await within(SCHEDULE_MS, async () => expect(await reviews()).toHaveLength(1));
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
      const [{ paymentId, what }] = await reviews();
      expect(what).toMatchObject({ reason: "surplus" });
      expect(await decide(paymentId, "accept")).toMatchObject({ status: 200, body: { state: "credited" } });
      expected += 14;
      await expectExact();
    });

    test("staff decides about no own payment, and nothing changes", async () => {
      const order = { packId: "p7", channel: "epay" };
      const { body } = await at.api.post("/orders", order, { as: "admin", key: newKey() });
      await openPage(body);
      at.fake.act(body.orderId, "pay-less");
      await within(SCHEDULE_MS, async () => expect(await reviews()).toHaveLength(1));
      const [{ paymentId }] = await reviews();
      for (const verdict of ["accept", "dismiss"]) {
        expect(await decide(paymentId, verdict)).toMatchObject({
          status: 409,
          body: { code: "SELF_ACTION_FORBIDDEN" },
        });
      }
      expect(await reviews()).toHaveLength(1);
    });

    test("a payment of an order that is not here is listed as a stray until staff notes what was done", async () => {
      const { pay } = await at.order("p7");
      const number = "f".repeat(32);
      await openPage({ pay: { ...pay, text: payAnother(pay.text, number, `${at.fake.settings["EPAY_KEY"]}`) } });
      at.fake.act(number, "pay");
      await within(SCHEDULE_MS, async () => expect(await reviews("&kind=stray")).toHaveLength(1));
      const [stray] = await reviews("&kind=stray");
      expect(stray).toMatchObject({
        ...{ orderId: number, userId: null, paymentId: null, can: ["resolve"], expected: null },
        what: { reason: "unknown-order", amount: { minor: 70, currency: "CNY" }, credits: 0 },
      });
      const { channel, merchant, providerId } = stray.what;
      const parts = [channel, merchant, providerId].map(encodeURIComponent).join("/");
      const resolve = () =>
        at.api.post(`/admin/strays/${parts}/resolve`, { note: "returned at the provider" }, { as: "admin" });
      const answers = await Promise.all(times(4, resolve));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404, 404, 404]);
      expect(await reviews("&kind=stray")).toEqual([]);
      expect(await audited("strays.resolve")).toMatchObject([
        { subject: "channel:epay", reason: "returned at the provider", details: { orderNumber: number } },
      ]);
      await expectExact();
    });

    test("channels show their health and the address for notices, without secrets", async () => {
      // What is heard of a channel is written some seconds later.
      await within(SCHEDULE_MS, async () => {
        const { status, body } = await at.api.get("/admin/channels", "admin");
        expect(status).toBe(200);
        expect(body.items).toMatchObject([
          {
            ...{ channel: "epay", isOn: true, live: false, isResting: false, lastNoticeAt: expect.any(String) },
            notifyUrl: `${at.api.server.api.url}/payments/epay/notify`,
          },
        ]);
        expect(JSON.stringify(body)).not.toContain(at.fake.settings["EPAY_KEY"]);
      });
    });

    describe("a decision whose server is killed before it grants", () => {
      test("is carried out by another process, once, and its audit event is there", async () => {
        const { orderId, paymentId } = await underpaid();
        await api.stop("SIGKILL");
        const database = await openDatabase(at.api.server.database.url, { migrate: false });
        const newId = createIds(Date.now);
        const ledger = openLedger(database, newId);
        const parts = { database, ledger, newId, nowMs: Date.now, isSelfGrantAllowed: false };
        const decision = { paymentId, reason: "a cent" };
        const recorded = await recordAcceptance(parts, decision, operatorPrincipal);
        expect(recorded).toMatchObject({ ok: true, value: { state: "accepted", transactionId: null } });
        await database.close();
        api = await startApi({
          databaseUrl: at.api.server.database.url,
          env: { ...at.env, ADMIN_EMAILS: admin.email },
        });
        const get = (path: string, token: string) => callRest(api.url, "GET", path, { token });
        await within(SCHEDULE_MS, async () =>
          expect((await get(`/orders/${orderId}`, at.api.tokens.user)).body).toMatchObject({ state: "credited" }),
        );
        expected += 110;
        expect((await get("/credits/balance", at.api.tokens.user)).body).toMatchObject({ balance: expected });
        const { body } = await get("/admin/audit?action=payments.accept", at.api.tokens.admin);
        expect(body.items[0]).toMatchObject({ actor: "operator", details: { paymentId } });
      });
    });
  });
}
