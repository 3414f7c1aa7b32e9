import { databaseKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { RefundModel } from "./refund-model.ts";
import { makeDue, type RefundServer, startRefundServer } from "./refund-server.ts";
import { grantsOf, newKey } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { SCHEDULE_MS, within } from "./top-up-server.ts";
import { startReceiver } from "./webhook-receiver.ts";

type Step = readonly [number, "spend" | "unused" | "goodwill" | "keep"];

/** Steps of a payment's life: what is spent, and how much goes back by which rule. */
const walks: readonly { readonly says: string; readonly steps: readonly Step[] }[] = [
  {
    says: "parts add up to the whole",
    steps: [
      ...([
        [100, "unused"],
        [1, "unused"],
        [333, "unused"],
        [990, "unused"],
      ] as const),
      ...([
        [556, "unused"],
        [1, "unused"],
      ] as const),
    ],
  },
  {
    says: "spent credits are not refunded without goodwill",
    steps: [
      ...([
        [35, "spend"],
        [500, "unused"],
        [300, "unused"],
        [445, "unused"],
      ] as const),
      ...([
        [20, "spend"],
        [445, "goodwill"],
        [45, "unused"],
      ] as const),
    ],
  },
  {
    says: "credits that were kept stay kept",
    steps: [
      ...([
        [200, "keep"],
        [60, "spend"],
        [300, "unused"],
        [301, "unused"],
        [15, "spend"],
      ] as const),
      ...([
        [301, "goodwill"],
        [489, "goodwill"],
        [189, "goodwill"],
        [1, "goodwill"],
      ] as const),
    ],
  },
];

for (const kind of databaseKinds) {
  describeOn(kind)(`reversals on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: RefundServer;
    beforeAll(async () => {
      at = await startRefundServer(kind, { WEBHOOK_ALLOW: "127.0.0.1" });
    });
    afterAll(() => at.stop());

    const expectBalance = async (balance: number) => expect(await at.balance()).toBe(balance);

    test.each(walks)("refunds take the credits of a client's model and return its money: $says", async ({ steps }) => {
      const { orderId, paymentId } = await at.sell();
      const model = new RefundModel();
      for (const [amount, what] of steps) {
        if (what === "spend") {
          model.spend(amount);
          await at.spend(amount);
          continue;
        }
        const flags = { goodwill: what !== "unused", keepCredits: what === "keep" };
        const refusal = model.refund(amount, what);
        const { status, body } = await at.refund(paymentId, { amountMinor: amount, ...flags });
        if (refusal === undefined) expect([amount, status, body]).toMatchObject([amount, 200, { rule: what }]);
        else expect([amount, body.code]).toEqual([amount, refusal]);
        await expectBalance(model.balance);
        expect(at.returnedMinor(orderId)).toBe(model.reversed + model.kept);
      }
      expect((await at.refundable(paymentId)).left.minor).toBe(model.left);
      await within(SCHEDULE_MS, async () =>
        expect((await at.find(orderId)).refunded.minor).toBe(model.reversed + model.kept),
      );
    });

    test("of concurrent refunds of all of a payment one happens, under one key and under many", async () => {
      const { orderId, paymentId } = await at.sell();
      const key = newKey();
      const same = await Promise.all(Array.from({ length: 6 }, () => at.refund(paymentId, {}, key)));
      expect(new Set(same.map(({ status, body }) => `${status} ${body.reversalId}`)).size).toBe(1);
      const others = await Promise.all(Array.from({ length: 4 }, () => at.refund(paymentId)));
      expect(others.map(({ body }) => body.code)).toEqual(Array(4).fill("REFUND_EXCEEDS_PAYMENT"));
      expect(at.returnedMinor(orderId)).toBe(990);
      await expectBalance(0);
      for (const other of [
        { amountMinor: 990 },
        { amountMinor: 5 },
        { byHand: true },
        { goodwill: true },
        { goodwill: true, keepCredits: true },
        { reason: "another" },
      ]) {
        const changed = await at.refund(paymentId, other, key);
        expect(changed).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
      }

      const second = await at.sell();
      const many = await Promise.all(Array.from({ length: 6 }, () => at.refund(second.paymentId)));
      expect(many.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(at.returnedMinor(second.orderId)).toBe(990);
      const elsewhere = await at.refund(second.paymentId, {}, key);
      expect(elsewhere).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
    });

    test("a refund that the provider has taken back gives back exactly what it took, and can be made again", async () => {
      const { orderId, paymentId } = await at.sell();
      await at.spend(30);
      at.fake.turn({ lose: 1 });
      expect(await at.refund(paymentId, { amountMinor: 495 })).toMatchObject({ status: 200, body: { state: "sent" } });
      await expectBalance(30);
      const [refund] = at.fake.books.find(orderId)?.refunds ?? [];
      if (refund) refund.state = "failed";
      await at.check(orderId);
      await at.untilReversal(orderId, { state: "failed", takenCredits: 50, takenBonus: 0 });
      await at.check(orderId);
      await expectBalance(80);
      const { body } = await at.api.get("/credits/grants?limit=2");
      expect(body.items[0]).toMatchObject({
        source: "purchase",
        amount: 50,
        remaining: 50,
        priority: 50,
        expiresAt: null,
      });
      at.fake.turn({ lose: 0 });
      // 80 of 100 credits are left: in the grant of the payment, and in the one that gave back.
      expect(await at.refundable(paymentId)).toMatchObject({
        most: { minor: 792 },
        remainingCredits: 80,
        why: "spent",
      });
      expect(await at.refund(paymentId, { amountMinor: 792 })).toMatchObject({
        status: 200,
        body: { takenCredits: 80 },
      });
      await expectBalance(0);
      await at.untilReversal(orderId, { state: "done", amount: { minor: 792 } });
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 792 } });
    });

    test("a refund that the provider refuses has no effect, and one that was made there is taken once", async () => {
      const { orderId, paymentId } = await at.sell();
      await at.spend(70);
      at.fake.turn({ lose: 1 });
      at.fake.act(orderId, "refund");
      const refused = await at.refund(paymentId, { amountMinor: 99 });
      expect(refused).toMatchObject({ status: 200, body: { state: "failed", takenCredits: 10 } });
      await expectBalance(40);
      await Promise.all([at.check(orderId), at.check(orderId)]);
      await at.untilReversal(orderId, { kind: "outside", state: "done" });
      await at.check(orderId);
      const { reversals } = await at.file(orderId);
      expect(reversals).toHaveLength(2);
      expect(reversals.at(-1)).toMatchObject({ takenCredits: 40, shortfall: 60, amount: { minor: 990 }, by: "system" });
      await expectBalance(0);
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 990 } });
      at.fake.turn({ lose: 0 });

      // What was missing is tried once more, from the grants of the payment alone.
      await at.api.post(grantsOf(user.email), { amount: 50, reason: "test" }, { as: "admin" });
      const { nextCheckMs } = await makeDue(at, reversals.at(-1));
      expect(nextCheckMs).toBeGreaterThan(Date.now() + 6 * 86_400_000);
      await within(SCHEDULE_MS, () =>
        at.withReversals(async (database) =>
          expect(await database.reversals.findById(reversals.at(-1).reversalId)).toMatchObject({
            ...{ nextCheckMs: null, shortfall: 60 },
          }),
        ),
      );
      await expectBalance(50);
    });

    test("credits that were held during an outside refund are taken when the hold has ended", async () => {
      const { orderId } = await at.sell("p100");
      const { body: hold } = await at.api.post("/credits/holds", { amount: 80, action: "video", ttlSeconds: 600 });
      at.fake.act(orderId, "refund");
      await at.untilReversal(orderId, { kind: "outside", state: "done", takenCredits: 30, shortfall: 70 });
      await at.api.post(`/credits/holds/${hold.holdId}/release`, {});
      const [reversal] = (await at.file(orderId)).reversals;
      await makeDue(at, reversal);
      await at.untilReversal(orderId, { takenCredits: 100, takenBonus: 10, shortfall: 0 });
      await expectBalance(0);
    });

    test("a dispute takes what is left, blocks refunds, and gives it back when it is won", async () => {
      const { orderId, paymentId } = await at.sell();
      await at.spend(30);
      at.fake.act(orderId, "dispute");
      await at.untilReversal(orderId, { kind: "dispute", state: "taken", takenCredits: 80, shortfall: 20 });
      await expectBalance(0);
      expect((await at.refund(paymentId)).body).toMatchObject({ code: "PAYMENT_DISPUTED" });
      expect(await at.refundable(paymentId)).toMatchObject({ most: { minor: 0 }, why: "disputed" });
      at.fake.act(orderId, "win");
      await at.untilReversal(orderId, { kind: "dispute", state: "failed", shortfall: 0 });
      await expectBalance(80);
      expect(await at.file(orderId)).toMatchObject({ payments: [{ disputed: false }], refunded: { minor: 0 } });
      expect(await at.refund(paymentId, { amountMinor: 792 })).toMatchObject({
        status: 200,
        body: { takenCredits: 80 },
      });
      await expectBalance(0);
    });

    test("a dispute that is lost ends with the credits taken, and endpoints hear of it and of every refund", async () => {
      const receiver = await startReceiver();
      const endpoint = { url: receiver.url, events: ["reversal.done", "dispute.opened"], allUsers: true };
      expect(await at.api.post("/webhooks/endpoints", endpoint, { as: "admin" })).toMatchObject({ status: 200 });
      const { orderId, paymentId } = await at.sell();
      expect((await at.refund(paymentId, { amountMinor: 99 })).status).toBe(200);
      await at.untilReversal(orderId, { kind: "refund", state: "done" });
      at.fake.act(orderId, "dispute");
      await at.untilReversal(orderId, { kind: "dispute", state: "taken", takenCredits: 90, amount: { minor: 990 } });
      at.fake.act(orderId, "lose");
      await at.untilReversal(orderId, { kind: "dispute", state: "done", takenBonus: 9 });
      expect(await at.file(orderId)).toMatchObject({ payments: [{ disputed: false }], refunded: { minor: 990 } });
      const eventsOf = () =>
        receiver.received.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.orderId === orderId);
      await within(SCHEDULE_MS, async () => expect(eventsOf()).toHaveLength(3));
      await receiver.close();
      const events = eventsOf();
      expect(events.map(({ type }) => type).toSorted()).toEqual(["dispute.opened", "reversal.done", "reversal.done"]);
      expect(events.map(({ data }) => data)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            orderId,
            paymentId,
            kind: "refund",
            takenCredits: 10,
            takenBonus: 1,
            shortfall: 0,
          }),
          expect.objectContaining({ orderId, paymentId, inquiry: false, userId: user.email }),
          expect.objectContaining({ orderId, kind: "dispute", amount: { minor: 990, currency: "CNY", text: "9.90" } }),
        ]),
      );
    });

    test("only finance refunds, with a line in the audit log, and what does not exist is not found", async () => {
      const { orderId, paymentId } = await at.sell();
      expect((await at.api.post(`/admin/payments/${paymentId}/refunds`, { reason: "mine" })).status).toBe(403);
      expect((await at.refund("pay-unknown")).body).toMatchObject({ code: "PAYMENT_NOT_FOUND" });
      expect((await at.refundable("pay-unknown")).code).toBe("PAYMENT_NOT_FOUND");
      expect((await at.refund(paymentId, { keepCredits: true })).body).toMatchObject({ code: "VALIDATION_FAILED" });
      expect((await at.refund(paymentId, { byHand: true })).body).toMatchObject({ code: "VALIDATION_FAILED" });
      const { body } = await at.refund(paymentId, { amountMinor: 990, note: "ticket 7" });
      const decide = (id: string, verb: string) =>
        at.api.post(`/admin/reversals/${id}/${verb}`, { reason: "test" }, { as: "admin" });
      expect((await decide(body.reversalId, "retry")).body).toMatchObject({ code: "NOT_STUCK" });
      expect((await decide(body.reversalId, "settled-by-hand")).body).toMatchObject({ code: "NOT_STUCK" });
      expect((await decide("0".repeat(32), "retry")).body).toMatchObject({ code: "REVERSAL_NOT_FOUND" });
      const log = await at.api.get("/admin/audit?action=payments.refund&limit=1", "admin");
      expect(log.body.items).toMatchObject([
        {
          ...{ actor: "user:admin@example.com", subject: `user:${user.email}`, reason: "unhappy" },
          details: { paymentId, note: "ticket 7" },
        },
      ]);
      expect(JSON.stringify(await at.file(orderId))).not.toContain("ticket 7");
      await at.untilReversal(orderId, { state: "done" });
      const { events } = await at.file(orderId);
      const refunds = events
        .map(({ what }: { what: string }) => what)
        .filter((what: string) => what.startsWith("refund"));
      expect(refunds.slice(0, 2)).toEqual(["refund: asked", "refund: credits taken"]);
      expect(refunds.at(-1)).toBe("refund: done by the provider");
    });

    test("an audit of all accounts finds no difference", async () => {
      const { stdout } = await jifen(at.api.server.database.url, "audit", "--json");
      expect(JSON.parse(stdout).differences).toEqual([]);
    });
  });
}
