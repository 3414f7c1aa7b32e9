import {
  createCipheriv,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { Payment, Refund, Trade } from "./books.ts";
import {
  type FakeCore,
  type FakeGateway,
  type FakeOptions,
  type FakeProtocol,
  type FakeRequest,
  type FakeResponse,
  startFake,
} from "./fake-server.ts";
import type { NoticeRequest } from "./notices.ts";
import type { Forgery } from "./switches.ts";

const MCH_ID = "1900000001";
const APP_ID = "wx0000000000000001";
const CERT_SERIAL = "7B00000000000000000000000000000000000001";
const KEY_ID = "PUB_KEY_ID_0119000000012026113000000000000001";

type Keys = {
  readonly merchant: KeyObject;
  readonly platform: KeyObject;
  readonly foreign: KeyObject;
  readonly apiV3Key: string;
};
type Json = Readonly<Record<string, unknown>>;

const newKeys = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const rfc3339 = (ms: number): string => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

/** Starts a fake of WeChat Pay's API of version 3, for Native orders and refunds, in public-key mode. */
export async function startWechatpay(options?: FakeOptions): Promise<FakeGateway> {
  const [merchant, platform, foreign] = [newKeys(), newKeys(), newKeys()];
  const apiV3Key = randomBytes(16).toString("hex");
  const keys = { merchant: merchant.publicKey, platform: platform.privateKey, foreign: foreign.privateKey, apiV3Key };
  const settings = {
    ...{
      WECHATPAY_MCH_ID: MCH_ID,
      WECHATPAY_APP_ID: APP_ID,
      WECHATPAY_CERT_SERIAL: CERT_SERIAL,
      WECHATPAY_API_V3_KEY: apiV3Key,
    },
    WECHATPAY_PRIVATE_KEY: merchant.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
    WECHATPAY_PUBLIC_KEY_ID: KEY_ID,
    WECHATPAY_PUBLIC_KEY: platform.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
  };
  return await startFake((core) => wechatpayProtocol(core, keys, settings), options);
}

function wechatpayProtocol(core: FakeCore, keys: Keys, settings: Readonly<Record<string, string>>): FakeProtocol {
  const { books, notices, now } = core;
  const notify = (trade: Trade, about: About, forgery?: Forgery): void =>
    notices.send(
      {
        number: trade.number,
        what: about.type,
        make: (forged) => noticeOf(trade, about, { keys, forged, now: now() }),
      },
      forgery,
    );
  const refundNotice = (trade: Trade, made: Refund, url?: string): void =>
    notify(trade, {
      ...{ type: "REFUND.SUCCESS", url },
      resource: { mchid: MCH_ID, ...refundOf(trade, made), refund_status: "SUCCESS" },
    });
  const transactionOf = (trade: Trade, payment: Payment | undefined): Json => ({
    ...{ appid: APP_ID, mchid: MCH_ID, out_trade_no: trade.number, trade_type: "NATIVE" },
    trade_state: payment ? (trade.refunds.length > 0 ? "REFUND" : "SUCCESS") : trade.isClosed ? "CLOSED" : "NOTPAY",
    amount: { total: payment?.amountMinor ?? trade.content.amountMinor, payer_total: 1, currency: "CNY" },
    ...(payment && { transaction_id: payment.txnId, success_time: rfc3339(payment.paidAtMs) }),
  });
  const paidNotice = (trade: Trade, payment: Payment, forgery?: Forgery): void =>
    notify(
      trade,
      { type: "TRANSACTION.SUCCESS", resource: transactionOf({ ...trade, refunds: [] }, payment) },
      forgery,
    );

  const routes = (request: FakeRequest): FakeResponse | undefined => {
    const body = request.body === "" ? {} : (JSON.parse(request.body) as Json);
    const { method, path } = request;
    if (method === "POST" && path === "/v3/pay/transactions/native") return native(body);
    if (method === "POST" && path === "/v3/refund/domestic/refunds") return refund(body);
    const refundNumber = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(path)?.[1];
    if (method === "GET" && refundNumber) return findRefund(decodeURIComponent(refundNumber));
    const [, number = "", verb] = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)(\/close)?$/.exec(path) ?? [];
    if (number === "") return undefined;
    const trade = books.find(number);
    if (!trade) return failure(404, "ORDER_NOT_EXIST", "订单不存在");
    if (method === "GET") return signed(200, transactionOf(trade, trade.payments[0]));
    if (verb === undefined || body["mchid"] !== MCH_ID) return failure(400, "PARAM_ERROR", "参数错误");
    if (trade.payments.length > 0) return failure(400, "ORDERPAID", "订单已支付");
    trade.isClosed = true;
    return signed(204, undefined);
  };

  function native(body: Json): FakeResponse {
    const allowed = ["appid", "mchid", "description", "out_trade_no", "time_expire", "notify_url", "amount"];
    const { total, currency } = (body["amount"] ?? {}) as { total?: unknown; currency?: unknown };
    const number = String(body["out_trade_no"]);
    const isValid = Object.keys(body).every((name) => allowed.includes(name)) && /^[\w|*@-]{6,32}$/.test(number);
    const isPriced = typeof total === "number" && Number.isSafeInteger(total) && total > 0 && currency === "CNY";
    if (!isValid || !isPriced || String(body["notify_url"]).includes("?"))
      return failure(400, "PARAM_ERROR", "参数错误");
    if (body["mchid"] !== MCH_ID || body["appid"] !== APP_ID)
      return failure(400, "APPID_MCHID_NOT_MATCH", "appid和mchid不匹配");
    const expiresAtMs = body["time_expire"] === undefined ? now() + 7_200_000 : Date.parse(String(body["time_expire"]));
    if (!(expiresAtMs > now())) return failure(400, "PARAM_ERROR", "time_expire时间过期");
    const isRepeated = body["time_expire"] === undefined && books.find(number) !== undefined;
    if (isRepeated) return failure(400, "OUT_TRADE_NO_USED", "商户订单号重复");
    const trade = books.open(number, {
      ...{ amountMinor: total, currency: "CNY", title: String(body["description"]), method: "native", expiresAtMs },
      ...{ notifyUrl: String(body["notify_url"]), returnUrl: "" },
    });
    if (typeof trade === "string") return failure(400, "INVALID_REQUEST", "订单号重复，内容不一致");
    if (trade.payments.length > 0) return failure(400, "ORDERPAID", "订单已支付");
    return trade.isClosed
      ? failure(400, "ORDER_CLOSED", "订单已关闭")
      : signed(200, { code_url: `${core.url}/pay/${number}` });
  }

  function refund(body: Json): FakeResponse {
    const trade = [...books.trades.values()].find(({ payments }) => payments[0]?.txnId === body["transaction_id"]);
    const payment = trade?.payments[0];
    if (!trade || !payment) return failure(404, "RESOURCE_NOT_EXISTS", "订单不存在");
    const { refund: amountMinor, total } = (body["amount"] ?? {}) as { refund?: unknown; total?: unknown };
    if (total !== payment.amountMinor || typeof amountMinor !== "number" || !(amountMinor > 0)) {
      return failure(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致");
    }
    const made = books.refund(trade, payment, { number: String(body["out_refund_no"]), amountMinor });
    if (typeof made === "string") return failure(400, "INVALID_REQUEST", "退款金额错误");
    const answer = signed(200, { ...refundOf(trade, made), status: "PROCESSING" });
    made.state = "done";
    // The request names no address: notices go where the merchant's settings at the provider say.
    const { notifyUrl } = core.switches();
    if (notifyUrl !== "") refundNotice(trade, made, notifyUrl.replace("{number}", trade.number));
    return answer;
  }

  const refundOf = (trade: Trade, made: Refund): Json => ({
    ...{ refund_id: made.refundId, out_refund_no: made.number, transaction_id: made.txnId, out_trade_no: trade.number },
    status: { pending: "PROCESSING", done: "SUCCESS", failed: "CLOSED", stuck: "ABNORMAL" }[made.state],
    amount: { refund: made.amountMinor, total: trade.content.amountMinor, currency: "CNY" },
  });

  function findRefund(number: string): FakeResponse {
    for (const trade of books.trades.values()) {
      const made = trade.refunds.find((each) => each.number === number);
      if (made) return signed(200, refundOf(trade, made));
    }
    return failure(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
  }

  /** Errors are not signed. */
  const failure = (status: number, code: string, message: string): FakeResponse => ({
    ...{ status, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code, message }) },
  });

  function signed(status: number, content: Json | undefined): FakeResponse {
    const { answers } = core.switches();
    const body = content === undefined ? "" : JSON.stringify(content);
    const key = answers === "forged" ? keys.foreign : keys.platform;
    const headers = answers === "unsigned" ? {} : signatureHeaders(body, key, Math.floor(now() / 1_000));
    return { status, headers: { "Content-Type": "application/json", ...headers }, body };
  }

  const acts: Record<string, (trade: Trade, forgery?: Forgery) => string | undefined> = {
    forge: (trade, forgery) => {
      const payment = { txnId: "4200000000000000", amountMinor: trade.content.amountMinor, paidAtMs: now() };
      paidNotice(trade, payment, forgery ?? "wrong-signature");
      return undefined;
    },
    close: (trade) => {
      if (trade.payments.length > 0) return "the trade is paid";
      trade.isClosed = true;
      return undefined;
    },
    refund: (trade) => {
      const [payment] = trade.payments;
      if (!payment) return "the trade is not paid";
      const request = { number: `console-${randomBytes(8).toString("hex")}`, amountMinor: payment.amountMinor };
      const made = books.refund(trade, payment, request);
      if (typeof made === "string") return "the payment was refunded";
      made.state = "done";
      refundNotice(trade, made);
      return undefined;
    },
  };
  const pay = (trade: Trade, less: number): string | undefined => {
    const paid = books.pay(trade, trade.content.amountMinor - less);
    if (typeof paid === "string") return `the trade is ${paid}`;
    paidNotice(trade, paid);
    return undefined;
  };

  return {
    settings: { ...settings, WECHATPAY_API_URL: core.url },
    forgeries: [
      ...(["unsigned", "wrong-signature", "foreign-key", "changed", "other-merchant", "old"] as const),
      ...(["unknown-serial", "probe", "truncated"] as const),
    ],
    acts: ["pay", "pay-less", "close", "refund", "forge"],
    acknowledges: (status) => status === 200 || status === 204,
    answer: (request) => {
      if (!request.path.startsWith("/v3/")) return undefined;
      return isAuthorized(request, keys.merchant, now()) ? routes(request) : failure(401, "SIGN_ERROR", "签名错误");
    },
    act: (trade, act, forgery) => (acts[act] ? acts[act](trade, forgery) : pay(trade, act === "pay-less" ? 1 : 0)),
  };
}

/** The merchant's signature is over the request line, the time, the nonce and the body. */
function isAuthorized({ method, path, query, headers, body }: FakeRequest, key: KeyObject, now: number): boolean {
  const [scheme, rest = ""] = (headers["authorization"] ?? "").split(/ (.*)/s);
  const part = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(rest)?.[1] ?? "";
  const isOurs =
    scheme === "WECHATPAY2-SHA256-RSA2048" && part("mchid") === MCH_ID && part("serial_no") === CERT_SERIAL;
  if (!isOurs || Math.abs(now / 1_000 - Number(part("timestamp"))) > 300) return false;
  const target = query === "" ? path : `${path}?${query}`;
  const text = `${method}\n${target}\n${part("timestamp")}\n${part("nonce_str")}\n${body}\n`;
  return createVerify("RSA-SHA256").update(text).verify(key, part("signature"), "base64");
}

function signatureHeaders(body: string, key: KeyObject, seconds: number): Record<string, string> {
  const nonce = randomBytes(16).toString("hex");
  const signature = createSign("RSA-SHA256").update(`${seconds}\n${nonce}\n${body}\n`).sign(key, "base64");
  return {
    ...{ "Wechatpay-Timestamp": String(seconds), "Wechatpay-Nonce": nonce },
    ...{ "Wechatpay-Serial": KEY_ID, "Wechatpay-Signature": signature },
  };
}

/** What a notice is about. `url`: the address of the trade if undefined. */
type About = { readonly type: string; readonly resource: Json; readonly url?: string | undefined };
type Signing = { readonly keys: Keys; readonly forged: Forgery | null; readonly now: number };

function noticeOf(trade: Trade, { type, resource, url }: About, { keys, forged, now }: Signing): NoticeRequest {
  const told = forged === "other-merchant" ? { ...resource, mchid: "1900000002" } : resource;
  const body = JSON.stringify({
    ...{
      id: randomBytes(16).toString("hex"),
      create_time: rfc3339(now),
      event_type: type,
      resource_type: "encrypt-resource",
    },
    resource: encrypted(JSON.stringify(told), keys.apiV3Key),
  });
  const seconds = Math.floor(now / 1_000) - (forged === "old" ? 86_400 : 0);
  const headers = signatureHeaders(body, forged === "foreign-key" ? keys.foreign : keys.platform, seconds);
  if (forged === "wrong-signature") headers["Wechatpay-Signature"] = Buffer.alloc(256, 1).toString("base64");
  if (forged === "probe") headers["Wechatpay-Signature"] = `WECHATPAY/SIGNTEST/${headers["Wechatpay-Signature"]}`;
  if (forged === "unknown-serial") headers["Wechatpay-Serial"] = "0000";
  return {
    ...{ method: "POST", url: url ?? trade.content.notifyUrl },
    headers: { "Content-Type": "application/json", ...(forged !== "unsigned" && headers) },
    body: forged === "changed" ? body.replace(type, `${type}.X`) : forged === "truncated" ? body.slice(0, -20) : body,
  };
}

function encrypted(text: string, apiV3Key: string): Json {
  const [nonce, associated] = [randomBytes(6).toString("hex"), "transaction"];
  const cipher = createCipheriv("aes-256-gcm", apiV3Key, nonce).setAAD(Buffer.from(associated));
  const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { algorithm: "AEAD_AES_256_GCM", ciphertext: bytes.toString("base64"), nonce, associated_data: associated };
}
