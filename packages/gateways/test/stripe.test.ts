import { minorUnits } from "@jifen/billing";
import { eventually } from "@jifen/testkit";
import { type FakeGateway, startStripe } from "@jifen/testkit/gateways";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StripeConfig, stripeCurrencies } from "../src/stripe/config.ts";
import { refundOf } from "../src/stripe/facts.ts";
import { openStripe } from "../src/stripe/open-stripe.ts";
import { describeGateway, type OpenForTest } from "./describe-gateway.ts";
import { type NoticeReceiver, startNoticeReceiver } from "./notice-receiver.ts";
import { newId, openOrder, orderOf, successOf } from "./walk.ts";

const configOf = (settings: Readonly<Record<string, string>>, change: Partial<StripeConfig> = {}): StripeConfig => ({
  ...{ secretKey: settings["STRIPE_SECRET_KEY"] ?? "", webhookSecrets: [settings["STRIPE_WEBHOOK_SECRET"] ?? ""] },
  ...{ currencies: ["USD", "JPY"], hasTax: false, hasInvoices: false, apiUrl: settings["STRIPE_API_URL"] },
  ...change,
});

const open: OpenForTest = (settings, options) => openStripe(configOf(settings), options);

describeGateway("stripe", {
  start: startStripe,
  open,
  wrongKey: (settings) => ({ ...settings, STRIPE_SECRET_KEY: "sk_test_another" }),
  ...{ asksOnCreate: true, signsAnswers: false },
});

describe("stripe", () => {
  let fake: FakeGateway;
  let receiver: NoticeReceiver;
  const gateway = () => openStripe(configOf(fake.settings));
  const scene = () => ({ gateway: gateway(), fake, receiver });
  beforeAll(async () => {
    fake = await startStripe();
    receiver = await startNoticeReceiver(gateway());
    fake.turn({ notifyUrl: `${receiver.url}/{number}` });
  });
  afterAll(async () => {
    await fake[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  test("stripe keeps an order open while its money has not arrived, and proves it when it has", async () => {
    const order = await openOrder(scene());
    fake.act(order.orderId, "pend");
    expect(successOf(await gateway().find(order))).toEqual({ state: "open", facts: [], reversals: [] });
    expect(successOf(await gateway().close(order))).toMatchObject({ state: "open", facts: [] });
    fake.act(order.orderId, "pay");
    expect(successOf(await gateway().find(order))).toMatchObject({
      state: "closed",
      facts: [{ amount: order.amount }],
    });
  });

  test("stripe closes an order whose money will not arrive", async () => {
    const order = await openOrder(scene());
    fake.act(order.orderId, "pend");
    fake.act(order.orderId, "close");
    expect(successOf(await gateway().find(order))).toEqual({ state: "closed", facts: [], reversals: [] });
  });

  test("stripe finds the session of an order whose answer was never stored", async () => {
    const order = await openOrder(scene());
    fake.act(order.orderId, "pay");
    const withoutAnswer = { ...order, isPayable: false, providerRef: null };
    expect(successOf(await gateway().find(withoutAnswer)).facts).toMatchObject([{ orderId: order.orderId }]);
  });

  test("stripe shows refunds and disputes that were made elsewhere", async () => {
    const order = await openOrder(scene());
    fake.act(order.orderId, "pay");
    fake.act(order.orderId, "dispute");
    const stateOf = async () =>
      successOf(await gateway().find(order)).reversals.map(({ kind, state }) => [kind, state]);
    expect(await stateOf()).toEqual([["dispute", "withdrawn"]]);
    fake.act(order.orderId, "win");
    fake.act(order.orderId, "refund");
    expect(await stateOf()).toEqual([
      ["refund", "done"],
      ["dispute", "reinstated"],
    ]);
    const [refund] = successOf(await gateway().find(order)).reversals;
    expect(refund).toMatchObject({ reversalId: null, amount: order.amount });
  });

  test("stripe shows a dispute that the merchant has lost", async () => {
    const order = await openOrder(scene());
    for (const act of ["pay", "dispute", "lose"] as const) fake.act(order.orderId, act);
    expect(successOf(await gateway().find(order)).reversals).toMatchObject([{ kind: "dispute", state: "lost" }]);
  });

  test.each([
    { acts: ["inquire"], state: "inquiry" },
    { acts: ["inquire", "drop"], state: "dropped" },
    { acts: ["inquire", "dispute"], state: "withdrawn" },
    // No money had moved, so that none comes back: what has to follow is the same.
    { acts: ["inquire", "win"], state: "reinstated" },
  ] as const)("stripe shows an inquiry after $acts as $state", async ({ acts, state }) => {
    const order = await openOrder(scene());
    for (const act of ["pay", ...acts] as const) fake.act(order.orderId, act);
    expect(successOf(await gateway().find(order)).reversals).toMatchObject([{ kind: "dispute", state }]);
  });

  test("stripe names the payment of a dispute in its notice", async () => {
    const order = await openOrder(scene());
    fake.act(order.orderId, "pay");
    fake.act(order.orderId, "dispute");
    const txnId = fake.books.find(order.orderId)?.payments[0]?.txnId;
    await eventually(async () => {
      const looks = receiver.received.filter(({ path }) => path.endsWith(order.orderId)).map(({ outcome }) => outcome);
      expect(looks).toContainEqual({ ok: true, value: { facts: [], claims: [], look: { at: "payment", txnId } } });
    });
  });

  test("stripe reads the events that no webhook brought, each once", async () => {
    const { recent } = gateway();
    const first = successOf((await recent?.(undefined)) ?? { ok: false, refusal: "no events" });
    const order = await openOrder(scene());
    fake.act(order.orderId, "pay");
    const second = successOf((await recent?.(first.cursor)) ?? { ok: false, refusal: "no events" });
    expect(second.notices).toMatchObject([{ look: { at: "order", orderId: order.orderId } }]);
    const third = successOf((await recent?.(second.cursor)) ?? { ok: false, refusal: "no events" });
    expect(third).toEqual({ notices: [], cursor: second.cursor });
    const unknown = successOf((await recent?.("evt_gone")) ?? { ok: false, refusal: "no events" });
    expect(unknown.cursor).toBe(second.cursor);
  });

  test("stripe sells in a currency without minor digits", async () => {
    const order = await openOrder(scene(), { amount: { minor: minorUnits(990), currency: "JPY" } });
    fake.act(order.orderId, "pay");
    expect(successOf(await gateway().find(order)).facts).toMatchObject([{ amount: { minor: 990, currency: "JPY" } }]);
    expect(fake.books.find(order.orderId)?.content).toMatchObject({ amountMinor: 990, currency: "jpy" });
  });

  test("stripe ends a session only once, and an order that it never heard of is absent", async () => {
    const request = { ...orderOf({ ...(await openOrder(scene())), orderId: newId() } as never) };
    expect(successOf(await gateway().close(request))).toEqual({ state: "absent", facts: [], reversals: [] });
  });
});

describe("the webhook secrets of stripe", () => {
  const secrets = ["whsec_old", "whsec_new"];
  const config = configOf({ STRIPE_SECRET_KEY: "sk_test_x" }, { webhookSecrets: secrets });
  const payload = JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "charge.captured",
    livemode: false,
    data: { object: {} },
  });
  const nowMs = 1_780_000_000_000;
  const read = (header: string, at = nowMs, change: Partial<StripeConfig> = {}) =>
    openStripe({ ...config, ...change }).readNotice(
      { method: "POST", headers: { "stripe-signature": header }, query: "", body: Buffer.from(payload) },
      at,
    );
  const headerWith = (secret: string, timestamp = nowMs / 1_000) =>
    new Stripe("sk_test_x").webhooks.generateTestHeaderString({ payload, secret, timestamp });

  test.each(secrets)("a notice signed with %s is accepted while both secrets are set", (secret) => {
    expect(read(headerWith(secret))).toEqual({ ok: true, value: { facts: [], claims: [], look: { at: "nothing" } } });
  });

  test("a notice with two signatures is accepted when one of them is right", () => {
    const wrong = `${headerWith("whsec_old").split(",")[0]},v1=${"0".repeat(64)}`;
    expect(read(`${wrong},${headerWith("whsec_new").split(",")[1]}`).ok).toBe(true);
  });

  test.each([
    { says: "another secret", header: () => headerWith("whsec_foreign"), reason: "signature" },
    { says: "301 seconds of age", header: () => headerWith("whsec_new", nowMs / 1_000 - 301), reason: "time" },
    { says: "no header", header: () => "", reason: "unsigned" },
  ])("a notice with $says is refused", ({ header, reason }) => {
    expect(read(header())).toEqual({ ok: false, refusal: { code: "FORGED", reason } });
  });

  test("an empty secret accepts nothing", () => {
    const header = headerWith("whsec_new");
    expect(read(header, nowMs, { webhookSecrets: [""] }).ok).toBe(false);
    expect(read(header, nowMs, { webhookSecrets: [] }).ok).toBe(false);
  });
});

describe("amounts of stripe", () => {
  test("currencies that Stripe counts in other units than ISO 4217 are not sold", () => {
    for (const currency of ["ISK", "HUF", "UGX", "TWD", "KWD", "BHD"]) expect(stripeCurrencies).not.toContain(currency);
    expect(stripeCurrencies).toContain("JPY");
  });

  const refund = {
    id: "re_1",
    amount: 1_188,
    currency: "usd",
    payment_intent: "pi_1",
    status: "succeeded",
    metadata: {},
  };

  test("a refund made elsewhere is counted without its part of the tax", () => {
    const fact = refundOf(refund as unknown as Stripe.Refund, { total: 1_188, net: 990 });
    expect(fact).toMatchObject({ amount: { minor: 990, currency: "USD" }, state: "done", reversalId: null });
  });

  test("a refund of ours has the amount that was asked for", () => {
    const own = { ...refund, amount: 359, metadata: { jifen_minor: "300", jifen_reversal: "r1" } };
    const fact = refundOf(own as unknown as Stripe.Refund, { total: 1_188, net: 990 });
    expect(fact).toMatchObject({ amount: { minor: 300, currency: "USD" }, reversalId: "r1" });
  });

  test("a refund in a state that we do not know is not final", () => {
    const fact = refundOf({ ...refund, status: "teleporting" } as unknown as Stripe.Refund, { total: 990, net: 990 });
    expect(fact?.state).toBe("pending");
  });
});
