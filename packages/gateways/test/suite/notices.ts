import type { ForgedNotice, Notice, PaymentFact } from "@jifen/billing";
import { eventually } from "@jifen/testkit";
import type { Forgery } from "@jifen/testkit/gateways";
import { expect, test } from "vitest";
import type { Stage } from "../describe-gateway.ts";
import { openOrder, type Scene, successOf } from "../walk.ts";

/** Waits until so many notices of an order were answered. */
async function outcomesWhen(scene: Scene, orderId: string, count: number) {
  await eventually(async () => {
    expect(scene.fake.deliveries.filter(({ number }) => number === orderId).length).toBeGreaterThanOrEqual(count);
  });
  return scene.receiver.received.filter(({ path }) => path.endsWith(orderId)).map(({ outcome }) => outcome);
}

/** The payments that a notice proves, by itself or by the query that it asks for. */
async function proved(
  { gateway }: Scene,
  notice: Notice,
  order: Parameters<typeof gateway.find>[0],
): Promise<readonly PaymentFact[]> {
  if (notice.look.at !== "order") return notice.facts;
  const trade = successOf(await gateway.find(order, notice.look.txnId));
  return [...notice.facts, ...trade.facts];
}

/** Why each forgery is refused. */
const reasons: Readonly<Record<Forgery, readonly ForgedNotice["reason"][]>> = {
  unsigned: ["unsigned"],
  "wrong-signature": ["signature"],
  "foreign-key": ["signature"],
  changed: ["signature"],
  "other-merchant": ["foreign"],
  "other-mode": ["foreign"],
  old: ["time"],
  "weak-algorithm": ["algorithm", "signature"],
  "empty-secret": ["signature"],
  "doubled-field": ["malformed"],
  "other-encoding": ["signature", "malformed"],
  "unknown-serial": ["key"],
  truncated: ["signature", "malformed", "unsigned", "algorithm"],
  probe: ["probe"],
};

/** Notices: verified, repeated until they are acknowledged, forged. */
export function describeNotices({ scene, title }: Stage): void {
  test(`${title} proves a payment by its notice`, async () => {
    for (const method of scene().gateway.limits.methods) {
      const order = await openOrder(scene(), { method });
      scene().fake.act(order.orderId, "pay");
      const [outcome] = await outcomesWhen(scene(), order.orderId, 1);
      if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
      const facts = await proved(scene(), outcome.value, order);
      const txnId = scene().fake.books.find(order.orderId)?.payments[0]?.txnId;
      expect(facts).toMatchObject([{ orderId: order.orderId, txnId, amount: order.amount }]);
      expect(facts[0]).toMatchObject({ channel: scene().gateway.channel, merchant: scene().gateway.merchant });
      expect(outcome.value.claims.every((claim) => claim.txnId === txnId)).toBe(true);
    }
  });

  test(`${title} is sent a notice again until it is recorded`, async () => {
    scene().receiver.verdict = "unavailable";
    const order = await openOrder(scene());
    scene().fake.act(order.orderId, "pay");
    await outcomesWhen(scene(), order.orderId, 2);
    scene().receiver.verdict = "recorded";
    await eventually(async () => {
      const own = scene().fake.deliveries.filter(({ number }) => number === order.orderId);
      expect(own.at(-1)?.isAcknowledged).toBe(true);
      expect(own.filter(({ isAcknowledged }) => isAcknowledged)).toHaveLength(1);
    });
  });

  test.each(["unknown-order", "forged", "unavailable"] as const)(
    `${title} does not acknowledge a notice whose verdict is %s`,
    (verdict) => {
      const { status, body } = scene().gateway.answer(verdict);
      const good = scene().gateway.answer("recorded");
      expect([status, body]).not.toEqual([good.status, good.body]);
    },
  );

  test(`${title} reads a notice that arrives three times the same way each time`, async () => {
    scene().fake.turn({ repeat: 3, shuffle: false });
    const order = await openOrder(scene());
    scene().fake.act(order.orderId, "pay");
    const outcomes = await outcomesWhen(scene(), order.orderId, 3);
    const facts = outcomes.map((outcome) => (outcome.ok ? outcome.value.facts.map(({ txnId }) => txnId) : "forged"));
    expect(new Set(facts.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  test(`${title} shows the second transaction of an order that was paid twice`, async (context) => {
    if (!scene().fake.acts.includes("pay-twice")) return context.skip();
    const order = await openOrder(scene());
    scene().fake.act(order.orderId, "pay-twice");
    const outcomes = await outcomesWhen(scene(), order.orderId, 2);
    const txnIds = new Set<string>();
    for (const outcome of outcomes) {
      if (!outcome.ok) throw new Error("a valid notice was refused");
      for (const fact of await proved(scene(), outcome.value, order)) txnIds.add(fact.txnId);
    }
    expect([...txnIds].toSorted()).toEqual(
      (scene().fake.books.find(order.orderId)?.payments ?? []).map(({ txnId }) => txnId).toSorted(),
    );
  });

  test(`${title} refuses every forged notice, and does not acknowledge it`, async () => {
    expect(scene().fake.forgeries.length).toBeGreaterThanOrEqual(8);
    for (const forgery of scene().fake.forgeries) {
      const order = await openOrder(scene());
      scene().fake.act(order.orderId, "forge", forgery);
      const [outcome] = await outcomesWhen(scene(), order.orderId, 1);
      expect([forgery, outcome]).toMatchObject([forgery, { ok: false, refusal: { code: "FORGED" } }]);
      if (outcome && !outcome.ok)
        expect([forgery, reasons[forgery]]).toEqual([forgery, expect.arrayContaining([outcome.refusal.reason])]);
      const delivery = scene().fake.deliveries.find(({ number }) => number === order.orderId);
      expect([forgery, delivery?.isAcknowledged]).toEqual([forgery, false]);
      expect(successOf(await scene().gateway.find(order)).facts).toEqual([]);
    }
  });

  test(`${title} refuses bytes that are no notice`, () => {
    const bodies = ["", "{}", "null", "[]", "a", "%", "sign=%E0%A4%A", "\u0000", '{"id":1}', "x".repeat(65_536)];
    for (const body of bodies) {
      for (const method of ["GET", "POST"] as const) {
        const raw = { method, headers: {}, query: body, body: Buffer.from(body) };
        expect([body, scene().gateway.readNotice(raw, Date.now()).ok]).toEqual([body, false]);
      }
    }
  });
}
