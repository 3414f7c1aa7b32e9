import { accountOf, MAX_BALANCE, userId } from "@jifen/core";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { type FakeGateway, startEpay } from "@jifen/testkit/gateways";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBalance, type Change, changeDatabase } from "./change-database.ts";
import { openInProcessPayments } from "./in-process-payments.ts";
import { jifen } from "./jifen-command.ts";
import { type RefundServer, startRefundServer } from "./refund-server.ts";
import { newKey } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { openPage, SCHEDULE_MS, within } from "./top-up-server.ts";
import { startReceiver } from "./webhook-receiver.ts";

const account = accountOf(userId(user.email));
const times = <Result>(count: number, make: (n: number) => Result) => Array.from({ length: count }, (_, n) => make(n));

/** Makes an order one of real money, as it is after the keys of a test account were set on a live server. */
const makeLive = (orderId: string): Change => ({
  sql: `UPDATE orders SET live = NOT live WHERE id = '${orderId}'`,
  mongodb: (db) => db.collection("orders").updateOne({ "_id.id": orderId }, { $set: { live: true } }),
});

/** Lets a payment be due, after this many attempts to credit it. */
const makeDueAfter = (checks: number, paymentId: string): Change => ({
  sql: `UPDATE payments SET checks = ${checks}, next_check_ms = 1 WHERE id = '${paymentId}'`,
  mongodb: (db) =>
    db
      .collection("payments")
      .updateOne({ "_id.id": paymentId }, { $set: { checks: BigInt(checks), next_check_ms: 1n } }),
});

/** Adds credits to a grant. */
const addToGrant = (grantId: string, amount: number): Change => ({
  sql: `UPDATE grants SET amount = amount + ${amount}, remaining = remaining + ${amount} WHERE id = '${grantId}'`,
  mongodb: (db) =>
    db
      .collection("grants")
      .updateOne({ "_id.id": grantId }, { $inc: { amount: BigInt(amount), remaining: BigInt(amount) } }),
});

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`payments that cannot be credited as they are, on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: RefundServer;
    let epay: FakeGateway;
    beforeAll(async () => {
      epay = await startEpay();
      at = await startRefundServer(kind, { ...epay.settings, WEBHOOK_ALLOW: "127.0.0.1" });
    });
    afterAll(async () => {
      const { stdout } = await jifen(at.api.server.database.url, "audit", "--json");
      await at.stop();
      await epay[Symbol.asyncDispose]();
      // Entries that were made while the balance was raised beside the journal do not follow from the ones before.
      const differences = JSON.parse(stdout).differences.map((each: { kind: string }) => each.kind);
      expect(new Set(differences)).toEqual(new Set(["ENTRY_DOES_NOT_FOLLOW"]));
    });

    const staff = (path: string, body: object = {}) =>
      at.api.post(path, { reason: "test", ...body }, { as: "admin", key: newKey() });
    const ofUser = (verb: string) => staff(`/admin/users/${encodeURIComponent(other.email)}/${verb}`);
    const decide = (paymentId: string, verb: "accept" | "dismiss") => staff(`/admin/payments/${paymentId}/${verb}`);
    const returnByHand = (paymentId: string) => at.refund(paymentId, { byHand: true });
    const expectBalance = async (balance: number) => expect(await at.balance()).toBe(balance);
    const paymentOf = async (orderId: string) => (await at.file(orderId)).payments[0];
    const untilPayment = (orderId: string, like: object) =>
      within(SCHEDULE_MS, async () => expect(await paymentOf(orderId)).toMatchObject(like));
    /** An order of the other user, whom a test suspends or deletes. */
    const orderOfOther = async (): Promise<string> => {
      const { body } = await at.api.post("/orders", { packId: "p7", channel: "epay" }, { as: "other", key: newKey() });
      await openPage(body);
      return body.orderId;
    };
    /** Pays an order while the balance of its user, who has a credit, is so close to the limit. @returns the payment, in review */
    async function payNearLimit(packId: string, room: number) {
      const [grantId = ""] = await at.api.fund({ amount: 1 });
      const { orderId } = await at.order(packId, { channel: "epay" });
      const raise = async (by: number) => {
        await changeDatabase(at.api.server.database, addToBalance(by, account));
        await changeDatabase(at.api.server.database, addToGrant(grantId, by));
      };
      await raise(MAX_BALANCE - 1 - room);
      epay.act(orderId, "pay");
      await untilPayment(orderId, { state: "review", reason: "grant-refused" });
      await raise(1 + room - MAX_BALANCE);
      expect(await at.find(orderId)).toMatchObject({ state: "paid", needsHelp: true });
      return { orderId, paymentId: (await paymentOf(orderId)).paymentId as string };
    }

    test("a payment whose credits exceed the limit of the balance waits for staff, and is credited once when it is accepted", async () => {
      const { orderId, paymentId } = await payNearLimit("p100", 50);
      await expectBalance(1);
      const answers = await Promise.all(times(4, () => decide(paymentId, "accept")));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
      await untilPayment(orderId, { state: "credited", transactionId: expect.any(String) });
      expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: false });
      await expectBalance(111);
    });

    test("a payment that one process is refused and another one grants is credited, and cannot be dismissed", async () => {
      const { orderId, paymentId } = await payNearLimit("p100", 50);
      await using elsewhere = await openInProcessPayments(at.api.server.database.url, epay.settings);
      // As the other process has read it, before it was refused here.
      const refused = await elsewhere.findPayment(orderId);
      await elsewhere.credit({ ...refused, state: "accepted", reason: null });
      expect(await paymentOf(orderId)).toMatchObject({
        ...{ state: "credited", reason: null, transactionId: expect.any(String) },
        bonusTransactionId: expect.any(String),
      });
      expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: false });
      for (const verb of ["accept", "dismiss"] as const) {
        expect(await decide(paymentId, verb)).toMatchObject({ status: 409, body: { code: "NOT_IN_REVIEW" } });
      }
      await expectBalance(111);
    });

    test("a payment whose bonus alone exceeds the limit is completed by the bonus when it is accepted", async () => {
      const { orderId, paymentId } = await payNearLimit("p100", 105);
      await expectBalance(101);
      const before = await paymentOf(orderId);
      expect(before).toMatchObject({ transactionId: expect.any(String), bonusTransactionId: null });
      expect(await decide(paymentId, "accept")).toMatchObject({ status: 200, body: { state: "credited" } });
      expect(await paymentOf(orderId)).toMatchObject({ transactionId: before.transactionId });
      await expectBalance(111);
    });

    test("a payment that has granted its purchase but not its bonus goes back with what it has granted", async () => {
      const { orderId, paymentId } = await payNearLimit("p100", 105);
      const { body } = await returnByHand(paymentId);
      expect(body).toMatchObject({ state: "stuck", amount: { minor: 990 }, takenCredits: 100, takenBonus: 0 });
      await expectBalance(1);
      expect((await decide(paymentId, "accept")).body).toMatchObject({ code: "NOT_ACCEPTABLE", reason: "returning" });
      expect((await staff(`/admin/reversals/${body.reversalId}/settled-by-hand`)).body).toMatchObject({
        state: "done",
      });
      expect(await paymentOf(orderId)).toMatchObject({ state: "returned" });
      await expectBalance(1);
    });

    test("of people who accept a payment and return it concurrently, none leaves credits to a user whose money went back", async () => {
      await at.api.fund();
      const { orderId } = await at.order("p7", { channel: "epay" });
      epay.act(orderId, "pay-less");
      await untilPayment(orderId, { state: "review", reason: "amount" });
      const { paymentId } = await paymentOf(orderId);
      const answers = await Promise.all(
        times(6, (n) => (n % 2 ? decide(paymentId, "accept") : returnByHand(paymentId))),
      );
      const isOk = (parity: number) => answers.filter(({ status }, n) => status === 200 && n % 2 === parity).length;
      expect([isOk(0), isOk(1)]).toEqual([expect.toBeOneOf([0, 1]), expect.toBeOneOf([0, 1])]);
      const { reversals } = await at.file(orderId);
      await untilPayment(orderId, { state: isOk(1) === 1 ? "credited" : "review" });
      await expectBalance(reversals.length === 0 ? 7 : 0);
      expect(reversals).toMatchObject(times(isOk(0), () => ({ state: "stuck", takenCredits: isOk(1) === 1 ? 7 : 0 })));
    });

    test("a payment that the ledger cannot credit because its account is damaged counts its attempts, is in the review list after ten, and is credited after the repair", async () => {
      await at.api.fund();
      const { database } = at.api.server;
      const { orderId } = await at.order("p7", { channel: "epay" });
      await changeDatabase(database, addToBalance(5, account));
      epay.act(orderId, "pay");
      await untilPayment(orderId, { state: "accepted" });
      const { paymentId } = await paymentOf(orderId);
      const late = async () => (await at.api.get("/admin/reviews?kind=late", "admin")).body.items;
      expect(await late()).toEqual([]);
      await changeDatabase(database, makeDueAfter(9, paymentId));
      await within(SCHEDULE_MS, async () => expect(await late()).toMatchObject([{ kind: "late", orderId, paymentId }]));
      await changeDatabase(database, addToBalance(-5, account));
      await changeDatabase(database, makeDueAfter(10, paymentId));
      await untilPayment(orderId, { state: "credited" });
      expect(await late()).toEqual([]);
      await expectBalance(7);
    });

    test("a suspended user gets the credits of a payment, and a deleted user's payment waits and cannot be accepted", async () => {
      const [first, second, third] = [await orderOfOther(), await orderOfOther(), await orderOfOther()];
      const before = (await at.api.balance("other")).balance;
      expect(await ofUser("suspend")).toMatchObject({ status: 200 });
      epay.act(first, "pay");
      await untilPayment(first, { state: "credited" });
      expect(await ofUser("resume")).toMatchObject({ status: 200 });
      // A suspension has ended all sessions.
      const token = `${await at.api.server.token(other)}`;
      const { body } = await at.api.server.call("GET", "/credits/balance", { token });
      expect(body.balance).toBe(before + 7);
      expect(await ofUser("delete")).toMatchObject({ status: 200 });
      for (const orderId of [second, third]) {
        epay.act(orderId, "pay");
        await untilPayment(orderId, { state: "review", reason: "user-deleted", transactionId: null });
      }
      const [returned, dismissed] = [await paymentOf(second), await paymentOf(third)];
      expect((await decide(returned.paymentId, "accept")).body).toMatchObject({
        ...{ code: "NOT_ACCEPTABLE", reason: "user-deleted" },
      });
      expect((await returnByHand(returned.paymentId)).body).toMatchObject({ state: "stuck", takenCredits: 0 });
      expect((await decide(dismissed.paymentId, "dismiss")).body).toMatchObject({ state: "dismissed" });
    });

    test("test money for an order of real money waits, is not acceptable, and goes back", async () => {
      await at.api.fund();
      const { orderId } = await at.order("p100", { channel: "stripe" });
      await changeDatabase(at.api.server.database, makeLive(orderId));
      at.fake.act(orderId, "pay");
      await untilPayment(orderId, { state: "review", reason: "live-mode", live: false });
      const { paymentId } = await paymentOf(orderId);
      expect((await decide(paymentId, "accept")).body).toMatchObject({ code: "NOT_ACCEPTABLE", reason: "live-mode" });
      expect((await at.refund(paymentId)).status).toBe(200);
      await untilPayment(orderId, { state: "returned" });
      expect(at.returnedMinor(orderId)).toBe(990);
      await expectBalance(0);
    });

    test("a pack that is not taken back is refunded as goodwill only", async () => {
      const { orderId, paymentId } = await at.sell("final");
      expect(await at.refundable(paymentId)).toMatchObject({ most: { minor: 0 }, left: { minor: 100 }, why: "rule" });
      expect((await at.refund(paymentId)).body).toMatchObject({ code: "REFUND_EXCEEDS_UNUSED" });
      await expectBalance(10);
      expect(await at.refund(paymentId, { amountMinor: 50, goodwill: true })).toMatchObject({
        ...{ status: 200, body: { rule: "goodwill", takenCredits: 5 } },
      });
      await at.untilReversal(orderId, { state: "done" });
      await expectBalance(5);
    });

    test("the event of a dispute says whether it is an inquiry", async () => {
      const receiver = await startReceiver();
      const endpoint = { url: receiver.url, events: ["dispute.opened"], allUsers: true };
      expect(await at.api.post("/webhooks/endpoints", endpoint, { as: "admin" })).toMatchObject({ status: 200 });
      const [asked, disputed] = [await at.sell(), await at.sell()];
      at.fake.act(asked.orderId, "inquire");
      await receiver.waitFor(1);
      at.fake.act(disputed.orderId, "dispute");
      await receiver.waitFor(2);
      await receiver.close();
      const heard = receiver.received.map(({ body }) => JSON.parse(body).data);
      expect(heard).toMatchObject([
        { orderId: asked.orderId, inquiry: true, amount: { minor: 990 } },
        { orderId: disputed.orderId, inquiry: false, amount: { minor: 990 } },
      ]);
    });
  });
}
