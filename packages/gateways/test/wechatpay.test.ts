import { generateKeyPairSync } from "node:crypto";
import { judge } from "@jifen/billing";
import { eventually } from "@jifen/testkit";
import { startWechatpay } from "@jifen/testkit/gateways";
import { describe, expect, test } from "vitest";
import type { WechatpayConfig } from "../src/wechatpay/config.ts";
import { openWechatpay } from "../src/wechatpay/open-wechatpay.ts";
import { describeGateway, type OpenForTest } from "./describe-gateway.ts";
import { startNoticeReceiver } from "./notice-receiver.ts";
import { newRequest, openOrder, orderOf, successOf } from "./walk.ts";

const configOf = (settings: Readonly<Record<string, string>>): WechatpayConfig => ({
  ...{ mchId: settings["WECHATPAY_MCH_ID"] ?? "", appId: settings["WECHATPAY_APP_ID"] ?? "" },
  ...{ certSerial: settings["WECHATPAY_CERT_SERIAL"] ?? "", privateKey: settings["WECHATPAY_PRIVATE_KEY"] ?? "" },
  apiV3Key: settings["WECHATPAY_API_V3_KEY"] ?? "",
  publicKey: { id: settings["WECHATPAY_PUBLIC_KEY_ID"] ?? "", key: settings["WECHATPAY_PUBLIC_KEY"] ?? "" },
  ...{ platformCerts: undefined, apiUrl: settings["WECHATPAY_API_URL"] },
});

const open: OpenForTest = (settings, options) => openWechatpay(configOf(settings), options);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const otherKey = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");

describeGateway("wechatpay", {
  start: startWechatpay,
  open,
  wrongKey: (settings) => ({ ...settings, WECHATPAY_PRIVATE_KEY: otherKey }),
  ...{ asksOnCreate: true, signsAnswers: true },
});

describe("wechatpay", () => {
  test("wechatpay does not believe an unsigned refusal about an order that got its code", async () => {
    await using fake = await startWechatpay();
    const gateway = openWechatpay(configOf(fake.settings));
    await using receiver = await startNoticeReceiver(gateway);
    const order = orderOf(newRequest({ gateway, receiver }), { kind: "qr", text: "", providerRef: null });
    expect(await gateway.find(order)).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
    expect(await gateway.close(order)).toMatchObject({ ok: false, refusal: { code: "GATEWAY_UNAVAILABLE" } });
  });

  test("wechatpay names a refund that was made in its console by its number, and is asked for it", async () => {
    await using fake = await startWechatpay();
    const gateway = openWechatpay(configOf(fake.settings));
    await using receiver = await startNoticeReceiver(gateway);
    const order = await openOrder({ gateway, fake, receiver });
    fake.act(order.orderId, "pay");
    fake.act(order.orderId, "refund");
    const { number: refundId = "", txnId = "" } = fake.books.find(order.orderId)?.refunds[0] ?? {};
    await eventually(async () => {
      const looks = receiver.received.flatMap(({ outcome }) => (outcome.ok ? [outcome.value.look] : []));
      expect(looks).toContainEqual({ at: "refund", orderId: order.orderId, refundId });
    });
    const asked = { refundId, providerRef: null, orderId: order.orderId, txnId, paid: order.amount };
    const fact = { kind: "refund", refundId, reversalId: null, txnId, amount: order.amount, state: "done" };
    expect(successOf(await gateway.findRefund(asked))).toEqual(fact);
  });

  test("wechatpay proves a payment through another app of the merchant, which waits for staff", async () => {
    await using fake = await startWechatpay();
    const former = openWechatpay(configOf(fake.settings));
    const gateway = openWechatpay({ ...configOf(fake.settings), appId: "wx0000000000000002" });
    await using receiver = await startNoticeReceiver(gateway);
    const order = await openOrder({ gateway: former, fake, receiver });
    fake.act(order.orderId, "pay");
    const [fact] = successOf(await gateway.find(order)).facts;
    const { channel, merchant, live } = gateway;
    const expected = { ...order, channel, merchant, live, isUserDeleted: false, hasOtherPayment: false };
    expect(fact && judge(fact, expected)).toBe("merchant");
    const reported = { txnId: fact?.txnId, isOtherApp: true };
    await eventually(async () =>
      expect(receiver.received).toMatchObject([{ outcome: { ok: true, value: { facts: [reported] } } }]),
    );
    // The former app is the one that the order expects.
    expect(successOf(await former.find(order)).facts.map((each) => judge(each, expected))).toEqual([undefined]);
  });

  test.each([
    [undefined, true],
    ["https://api.mch.weixin.qq.com", true],
    ["https://api.mch.weixin.qq.com/", true],
    ["https://api2.mch.weixin.qq.com", true],
    ["https://api.mch.weixin.qq.com.example.com", false],
    ["http://127.0.0.1:4000", false],
  ])("wechatpay at the address %s takes real money: %s", async (apiUrl, live) => {
    await using fake = await startWechatpay();
    expect(openWechatpay({ ...configOf(fake.settings), apiUrl })).toMatchObject({ live });
  });

  test("wechatpay is not opened with an API key of 16 bytes or without a key of the platform", async () => {
    await using fake = await startWechatpay();
    const config = configOf(fake.settings);
    expect(() => openWechatpay({ ...config, apiV3Key: "0123456789abcdef" })).toThrow();
    expect(() => openWechatpay({ ...config, publicKey: undefined })).toThrow();
  });
});
