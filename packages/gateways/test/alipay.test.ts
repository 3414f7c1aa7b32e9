import { createSign, generateKeyPairSync } from "node:crypto";
import { eventually } from "@jifen/testkit";
import { startAlipay } from "@jifen/testkit/gateways";
import { describe, expect, test } from "vitest";
import { type AlipayConfig, alipayMethods, privateKeyProblem, publicKeyProblem } from "../src/alipay/config.ts";
import { openAlipay } from "../src/alipay/open-alipay.ts";
import { describeGateway, type OpenForTest } from "./describe-gateway.ts";
import { startNoticeReceiver } from "./notice-receiver.ts";
import { newId, newRequest, openOrder, orderOf, successOf } from "./walk.ts";

const configOf = (settings: Readonly<Record<string, string>>, change: Partial<AlipayConfig> = {}): AlipayConfig => ({
  ...{ appId: settings["ALIPAY_APP_ID"] ?? "", privateKey: settings["ALIPAY_PRIVATE_KEY"] ?? "" },
  ...{ alipayPublicKey: settings["ALIPAY_PUBLIC_KEY"] ?? "", sellerId: settings["ALIPAY_SELLER_ID"] },
  ...{ methods: alipayMethods, gateway: settings["ALIPAY_GATEWAY"] },
  ...change,
});

const open: OpenForTest = (settings, options) => openAlipay(configOf(settings), options);
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");

describeGateway("alipay", {
  start: startAlipay,
  open,
  wrongKey: (settings) => ({ ...settings, ALIPAY_PRIVATE_KEY: pkcs8 }),
  ...{ asksOnCreate: true, signsAnswers: true },
});

describe("alipay", () => {
  test.each([
    [undefined, true],
    ["https://openapi.alipay.com/gateway.do", true],
    ["https://openapi.alipay.com:443/gateway.do?charset=utf-8", true],
    ["https://openapi-sandbox.dl.alipaydev.com/gateway.do", false],
    ["http://127.0.0.1:4000/gateway.do", false],
  ])("alipay at the address %s takes real money: %s", async (gateway, live) => {
    await using fake = await startAlipay();
    expect(openAlipay(configOf(fake.settings, { gateway }))).toMatchObject({ live });
  });

  test("alipay has no trade of a code that no user has scanned, and cannot close it", async () => {
    await using fake = await startAlipay();
    const gateway = openAlipay(configOf(fake.settings));
    await using receiver = await startNoticeReceiver(gateway);
    const request = newRequest({ gateway, receiver });
    const order = orderOf(request, successOf(await gateway.create(request)));
    const absent = { state: "absent", facts: [], reversals: [] };
    expect(successOf(await gateway.find(order))).toEqual(absent);
    expect(successOf(await gateway.close(order))).toEqual(absent);
    fake.act(order.orderId, "pay");
    expect(successOf(await gateway.find(order)).facts).toHaveLength(1);
  });

  test("alipay names a refund that was made in its console by its number, and is asked for it", async () => {
    await using fake = await startAlipay();
    const gateway = openAlipay(configOf(fake.settings));
    await using receiver = await startNoticeReceiver(gateway);
    const order = await openOrder({ gateway, fake, receiver });
    fake.act(order.orderId, "pay");
    fake.act(order.orderId, "refund");
    const refund = fake.books.find(order.orderId)?.refunds[0];
    const refundId = refund?.number ?? "";
    await eventually(async () => {
      const notices = receiver.received.flatMap(({ outcome }) => (outcome.ok ? [outcome.value] : []));
      expect(notices).toContainEqual(
        expect.objectContaining({ look: { at: "refund", orderId: order.orderId, refundId } }),
      );
    });
    const txnId = refund?.txnId ?? "";
    const asked = { refundId, providerRef: null, orderId: order.orderId, txnId, paid: order.amount };
    const fact = { kind: "refund", refundId, reversalId: null, txnId, amount: order.amount, state: "done" };
    expect(successOf(await gateway.findRefund(asked))).toEqual(fact);
  });

  test("alipay does not believe an answer about another app", async () => {
    await using fake = await startAlipay();
    const gateway = openAlipay(configOf(fake.settings, { appId: "2021999999999999" }));
    const order = { ...orderOf(newRequest({ gateway, receiver: { url: fake.url } as never })), orderId: newId() };
    expect(await gateway.find(order)).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
    const details = expect.stringContaining("ALIPAY_APP_ID");
    expect(await gateway.examine(Date.now())).toMatchObject([{ isGood: false, details }]);
  });
});

describe("the signature of an Alipay notice", () => {
  const spki = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const config = configOf({ ALIPAY_APP_ID: "app1", ALIPAY_PRIVATE_KEY: pkcs8, ALIPAY_PUBLIC_KEY: spki });
  const fields = {
    ...{
      app_id: "app1",
      charset: "utf-8",
      gmt_payment: "2026-11-30 08:15:00",
      out_trade_no: "a1",
      total_amount: "9.90",
    },
    ...{ subject: "50% + 50% = 积分 &amp;", trade_no: "t1", trade_status: "TRADE_SUCCESS", version: "1.0" },
  };
  const readSigned = (
    change: Readonly<Record<string, string | undefined>>,
    signedWith: Record<string, string> = {},
    own: Partial<AlipayConfig> = {},
  ) => {
    const signed: Record<string, string> = { ...fields, ...signedWith };
    const text = Object.keys(signed)
      .toSorted()
      .map((name) => `${name}=${signed[name]}`)
      .join("&");
    const sign = createSign("RSA-SHA256").update(text, "utf8").sign(privateKey, "base64");
    const body = new URLSearchParams({
      ...fields,
      sign,
      sign_type: "RSA2",
      ...(change as Record<string, string>),
    }).toString();
    const raw = { method: "POST", headers: {}, query: "", body: Buffer.from(body) } as const;
    return openAlipay({ ...config, ...own }).readNotice(raw, 0);
  };

  test("a notice with %, + and = in its values is verified as it was decoded once", () => {
    const [fact] = successOf(readSigned({})).facts;
    expect(fact).toMatchObject({ orderId: "a1", txnId: "t1", amount: { minor: 990, currency: "CNY" } });
    expect(fact?.paidAtMs).toBe(Date.parse("2026-11-30T00:15:00Z"));
  });

  test("a notice whose sign_type is part of the signed text is verified too", () => {
    expect(readSigned({}, { sign_type: "RSA2" }).ok).toBe(true);
  });

  test.each([
    { says: "another subject", change: { subject: "x" }, reason: "signature" },
    { says: "a subject that a proxy has unescaped", change: { subject: "50% + 50% = 积分 &" }, reason: "signature" },
    { says: "the algorithm RSA", change: { sign_type: "RSA" }, reason: "algorithm" },
    { says: "no algorithm", change: { sign_type: "" }, reason: "algorithm" },
    { says: "the charset GBK", change: { charset: "GBK" }, reason: "malformed" },
  ])("a notice with $says is refused", ({ change, reason }) => {
    expect(readSigned(change)).toEqual({ ok: false, refusal: { code: "FORGED", reason } });
  });

  test("a notice for another seller is refused when the seller is set", () => {
    const ofSeller = (seller: string) => readSigned({ seller_id: seller }, { seller_id: seller }, { sellerId: "2088" });
    expect(ofSeller("2088").ok).toBe(true);
    expect(ofSeller("2089")).toEqual({ ok: false, refusal: { code: "FORGED", reason: "foreign" } });
  });
});

describe("the keys of Alipay", () => {
  const pkcs1 = privateKey.export({ type: "pkcs1", format: "der" }).toString("base64");
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();

  test.each([pkcs8, pkcs1, pem])("a private key is read as base64 or PEM, of PKCS#8 or PKCS#1 (%#)", (text) => {
    expect(privateKeyProblem(text)).toBeUndefined();
  });

  test("texts that are no keys are refused, and a gateway is not opened without them", () => {
    expect(privateKeyProblem("abc")).toMatch(/^must be/);
    expect(publicKeyProblem("")).toMatch(/^must be/);
    const config = configOf({ ALIPAY_APP_ID: "app1", ALIPAY_PRIVATE_KEY: pkcs8 });
    expect(() => openAlipay(config)).toThrow();
  });
});
