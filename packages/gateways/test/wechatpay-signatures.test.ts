import {
  createCipheriv,
  createPrivateKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RawNotice } from "@jifen/billing";
import { type Certificate, makeCertificate } from "@jifen/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { WechatpayConfig } from "../src/wechatpay/config.ts";
import { openWechatpay } from "../src/wechatpay/open-wechatpay.ts";
import { newRequest } from "./walk.ts";

const newKeys = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const spkiOf = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();
const merchantKey = newKeys().privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const apiV3Key = "0123456789abcdef0123456789abcdef";

/** A signed message: an answer or a notice. */
type Message = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

type Signature = Readonly<Record<"timestamp" | "nonce" | "serial" | "signature", string>>;

const headersOf = (signature: Signature) =>
  Object.fromEntries(Object.entries(signature).map(([name, value]) => [`wechatpay-${name}`, value]));

const noticeOf = ({ headers, body }: Message): RawNotice => ({
  ...{ method: "POST", headers, query: "", body: Buffer.from(body) },
});

/** What the provider answers to every request. */
let answer: Message;
let url: string;
const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "application/json; charset=utf-8", ...answer.headers }).end(answer.body);
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (keys: Pick<WechatpayConfig, "publicKey" | "platformCerts">) =>
  openWechatpay({
    ...{ mchId: "1900000001", appId: "wx0000000000000001", certSerial: "7B".repeat(20), privateKey: merchantKey },
    ...{ apiV3Key, apiUrl: url, ...keys },
  });

/** What the merchant makes of an answer to a new order. */
function createWith(keys: Parameters<typeof open>[0], message: Message) {
  answer = message;
  const gateway = open(keys);
  return gateway.create(newRequest({ gateway, receiver: { url } }));
}

const refused = { ok: false, refusal: { code: "GATEWAY_UNAVAILABLE", reason: expect.stringMatching(/signature/) } };

// The example of the description of the protocol, with the public key of its test merchant:
// https://pay.weixin.qq.com/docs/merchant/development/interface-rules/build-verify-sign-src.html
describe("the example of a signature that WeChat Pay publishes", () => {
  const seconds = 1_722_850_421;
  const id = "PUB_KEY_ID_0000000000000024101100397200000006";
  const nonce = "d824f2e086d3c1df967785d13fcd22ef";
  const body = '{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}';
  const signature = [
    "mfI1CPqvBrgcXfgXMFjdNIhBf27ACE2YyeWsWV9ZI7T7RU0vHvbQpu9Z32ogzc+k8ZC5n3kz7h70eWKjgqNdKQF0eRp8mVKlmfzMLBVHbssB9jEZ",
    "EDXThOX1XFqX7s7ymia1hoHQxQagPGzkdWxtlZPZ4ZPvr1RiqkgAu6Is8MZgXXrRoBKqjmSdrP1N7uxzJ/cjfSiis9FiLjuADoqmQ1P7p2N876YP",
    "Aol7Rn0+GswwAwxldbdLrmVSjfytfSBJFqTMHn4itojgxSWWN1byuckQt8hSTEv/Lg97QoeGniYP17T80pJeQyL3b+295FPHSO2AtvCgyIbKMZ0B",
    "ALilAA==",
  ].join("");
  const key = [
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwXNI6sdlknHBnK8Fu2U6Cwor9qY747jP8KAfeBMeveEt1TqaHkLfaSD07trZLhGpfs8/",
    "AHqjhgSMO1O10YQWOrrJ4hjIWPKqxbgrYMkBQc+mwdiWp4W3ByCqxBRagCveCXRWCmuJYovl9H/bsDI0iGbpVtEOghJtfciisYSgxcLufUDTRkvw",
    "xjIBK1pCRjk33jJ5YTBWTHMRtMAOcFLNF6hdEYdX8SPsgHHeLZ5Lv2T/686w1xtgCHef/sd4uSfWmyzsalQdHG/e4IyYmrhx+O3VBoNDzE3nx23b",
    "FeV/RVNCG7cV6VhmYokJNHa/erIPkEmEFID6A5wQOXuxUkmJWwIDAQAB",
  ].join("");
  const keys = { publicKey: { id, key }, platformCerts: undefined };
  const parts: Signature = { timestamp: String(seconds), nonce, serial: id, signature };
  const published: Message = { headers: headersOf(parts), body };
  const changed = (change: Partial<Signature>): Message => ({ headers: headersOf({ ...parts, ...change }), body });

  // The SDK compares the time of an answer with the clock.
  beforeEach(() => void vi.useFakeTimers({ now: seconds * 1_000, toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  test("its answer is accepted, with the code that it has for the user", async () => {
    const value = { kind: "qr", text: "weixin://wxpay/bizpayurl?pr=JyC91EIz1", providerRef: null };
    expect(await createWith(keys, published)).toEqual({ ok: true, value });
  });

  const changes: readonly { readonly says: string; readonly message: Message; readonly reason: string }[] = [
    { says: "another body", message: { ...published, body: body.replace("JyC9", "JyC8") }, reason: "signature" },
    { says: "another time", message: changed({ timestamp: String(seconds + 1) }), reason: "signature" },
    { says: "another nonce", message: changed({ nonce: `${nonce}0` }), reason: "signature" },
    { says: "another key id", message: changed({ serial: `${id}1` }), reason: "key" },
  ];

  test.each(changes)("the same with $says is refused, as an answer and as a notice", async ({ message, reason }) => {
    expect(await createWith(keys, message)).toMatchObject(refused);
    expect(open(keys).readNotice(noticeOf(message), Date.now())).toMatchObject({ refusal: { reason } });
  });

  test("it is refused five minutes later, and its signature is found right in time although it is no notice", async () => {
    expect(open(keys).readNotice(noticeOf(published), Date.now())).toMatchObject({ refusal: { reason: "malformed" } });
    vi.setSystemTime((seconds + 301) * 1_000);
    expect(await createWith(keys, published)).toMatchObject(refused);
    expect(open(keys).readNotice(noticeOf(published), Date.now())).toMatchObject({ refusal: { reason: "time" } });
  });
});

describe("a platform certificate and the public key", () => {
  const id = "PUB_KEY_ID_01";
  const { privateKey, publicKey } = newKeys();
  let certificate: Certificate;
  let certified: { readonly key: KeyObject; readonly serial: string; readonly pem: string };
  beforeAll(() => {
    certificate = makeCertificate("wechatpay.example", "rsa");
    const pem = readFileSync(certificate.certificateFile, "utf8");
    const key = createPrivateKey(readFileSync(certificate.keyFile, "utf8"));
    certified = { key, pem, serial: new X509Certificate(pem).serialNumber };
  });
  afterAll(() => certificate[Symbol.dispose]());

  const byKey = () => ({ publicKey: { id, key: spkiOf(publicKey) }, platformCerts: undefined });
  const byCertificate = () => ({ publicKey: undefined, platformCerts: certified.pem });
  const byBoth = () => ({ ...byKey(), platformCerts: certified.pem });

  function signed(body: string, key: KeyObject, serial: string): Message {
    const seconds = Math.floor(Date.now() / 1_000);
    const signature = createSign("RSA-SHA256").update(`${seconds}\nnonce\n${body}\n`).sign(key, "base64");
    return { headers: headersOf({ timestamp: String(seconds), nonce: "nonce", serial, signature }), body };
  }
  const code = JSON.stringify({ code_url: "weixin://wxpay/bizpayurl?pr=1" });

  /** A notice of a payment, encrypted with the key of the API. */
  function payment(): string {
    const transaction = {
      ...{ mchid: "1900000001", appid: "wx0000000000000001", out_trade_no: "a1", transaction_id: "t1" },
      ...{ trade_state: "SUCCESS", success_time: "2026-11-30T08:15:00+08:00", amount: { total: 990, currency: "CNY" } },
    };
    const cipher = createCipheriv("aes-256-gcm", apiV3Key, "0123456789ab").setAAD(Buffer.from("transaction"));
    const bytes = [cipher.update(JSON.stringify(transaction), "utf8"), cipher.final(), cipher.getAuthTag()];
    const ciphertext = Buffer.concat(bytes).toString("base64");
    const resource = {
      algorithm: "AEAD_AES_256_GCM",
      ciphertext,
      nonce: "0123456789ab",
      associated_data: "transaction",
    };
    return JSON.stringify({ event_type: "TRANSACTION.SUCCESS", resource });
  }

  test.each([
    { says: "the public key, by both", keys: byBoth, by: () => ({ key: privateKey, serial: id }), isGood: true },
    {
      ...{ says: "the certificate, by both", keys: byBoth, isGood: true },
      by: () => certified,
    },
    { says: "the certificate alone", keys: byCertificate, by: () => certified, isGood: true },
    { says: "the certificate, by the public key alone", keys: byKey, by: () => certified, isGood: false },
    {
      ...{ says: "the public key, by the certificate alone", keys: byCertificate, isGood: false },
      by: () => ({ key: privateKey, serial: id }),
    },
    {
      ...{ says: "the certificate in the name of the public key", keys: byBoth, isGood: false },
      by: () => ({ key: certified.key, serial: id }),
    },
    {
      ...{ says: "the public key in the name of the certificate", keys: byBoth, isGood: false },
      by: () => ({ key: privateKey, serial: certified.serial }),
    },
    {
      ...{ says: "an unknown key in the name of the certificate", keys: byBoth, isGood: false },
      by: () => ({ key: newKeys().privateKey, serial: certified.serial }),
    },
  ])("what is signed with $says is believed: $isGood", async ({ keys, by, isGood }) => {
    const { key, serial } = by();
    const created = await createWith(keys(), signed(code, key, serial));
    const text = "weixin://wxpay/bizpayurl?pr=1";
    expect(created).toMatchObject(isGood ? { ok: true, value: { text } } : refused);
    const read = open(keys()).readNotice(noticeOf(signed(payment(), key, serial)), Date.now());
    const fact = { orderId: "a1", txnId: "t1", amount: { minor: 990, currency: "CNY" } };
    expect(read).toMatchObject(isGood ? { ok: true, value: { facts: [fact] } } : { ok: false });
  });
});
