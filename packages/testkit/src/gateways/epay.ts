import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Payment, refundedMinor, type Trade } from "./books.ts";
import { beijing, minorOf, yuan } from "./chinese-texts.ts";
import {
  type FakeCore,
  type FakeGateway,
  type FakeOptions,
  type FakeProtocol,
  type FakeRequest,
  json,
  page,
  startFake,
} from "./fake-server.ts";
import type { NoticeRequest } from "./notices.ts";
import type { Forgery } from "./switches.ts";

const PID = "1001";
type Fields = Readonly<Record<string, string>>;

/** The signature of the protocol: sorted fields without the empty ones, and the key directly behind them. */
function md5Of(fields: Fields, key: string): string {
  const names = Object.keys(fields).filter((name) => name !== "sign" && name !== "sign_type" && fields[name] !== "");
  const text = names.sort().map((name) => `${name}=${fields[name]}`);
  return createHash("md5")
    .update(text.join("&") + key, "utf8")
    .digest("hex");
}

/** Starts a fake of the epay protocol, with its MD5 dialect. */
export const startEpay = (options?: FakeOptions): Promise<FakeGateway> =>
  startFake((core) => epayProtocol(core, randomBytes(16).toString("hex")), options);

function epayProtocol(core: FakeCore, key: string): FakeProtocol {
  const { books, notices, url, now } = core;
  const notify = (trade: Trade, payment: Payment, forgery?: Forgery) =>
    notices.send(
      { number: trade.number, what: "payment", make: (forged) => noticeOf(trade, payment, { key, forged }) },
      forgery,
    );
  return {
    settings: { EPAY_URL: url, EPAY_PID: PID, EPAY_KEY: key },
    forgeries: [
      ...(["unsigned", "wrong-signature", "foreign-key", "changed", "other-merchant", "weak-algorithm"] as const),
      ...(["empty-secret", "doubled-field", "other-encoding", "truncated"] as const),
    ],
    acts: ["pay", "pay-less", "pay-twice", "refund", "forge"],
    acknowledges: (status, body) => status === 200 && body.trim() === "success",
    answer: (request) => answerOf(request, core, key),
    act: (trade, act, forgery) => {
      if (act === "forge") {
        const payment = { txnId: "2026000000000000", amountMinor: trade.content.amountMinor, paidAtMs: now() };
        notify(trade, payment, forgery ?? "wrong-signature");
        return undefined;
      }
      if (act === "refund") return refundAll(trade, core);
      const paid = books.pay(trade, trade.content.amountMinor - (act === "pay-less" ? 1 : 0));
      if (typeof paid === "string") return `the trade is ${paid}`;
      notify(trade, paid);
      if (act === "pay-twice") notify(trade, books.payAgain(trade));
      return undefined;
    },
  };
}

function refundAll(trade: Trade, { books, now }: FakeCore): string | undefined {
  const [payment] = trade.payments;
  if (!payment) return "the trade is not paid";
  const refund = books.refund(trade, payment, { number: `page-${now()}`, amountMinor: payment.amountMinor });
  if (typeof refund === "string") return "the payment was refunded";
  refund.state = "done";
  return undefined;
}

/** The addresses of the protocol. */
function answerOf(request: FakeRequest, core: FakeCore, key: string) {
  const form = new URLSearchParams(request.method === "POST" && request.body !== "" ? request.body : request.query);
  const fields = Object.fromEntries(form);
  if (request.path === "/submit.php") return submit(fields, core, key);
  if (request.path === "/mapi.php")
    return request.method === "POST" ? mapi(fields, core, key) : json(200, { code: -1, msg: "请使用POST" });
  if (request.path === "/api.php")
    return api({ ...Object.fromEntries(new URLSearchParams(request.query)), ...fields }, core, key);
  return undefined;
}

/** Records the order. @returns the trade, or what the real one says */
function order(fields: Fields, { books }: FakeCore, key: string): Trade | string {
  const required = ["pid", "out_trade_no", "notify_url", "name", "money"];
  const missing = required.find((name) => !fields[name]);
  if (missing) return `${missing}不能为空`;
  if (fields["pid"] !== PID) return "商户不存在";
  if (fields["sign_type"] !== "MD5") return "签名类型错误";
  if (!isSigned(fields, key)) return "签名校验失败";
  if (!/^[\w-]{1,64}$/.test(fields["out_trade_no"] ?? "")) return "订单号格式不正确";
  const amountMinor = minorOf(fields["money"] ?? "");
  if (!(amountMinor > 0)) return "金额不合法";
  const trade = books.open(fields["out_trade_no"] ?? "", {
    ...{ amountMinor, currency: "CNY", title: fields["name"] ?? "", method: fields["type"] ?? "" },
    ...{
      notifyUrl: fields["notify_url"] ?? "",
      returnUrl: fields["return_url"] ?? "",
      expiresAtMs: Number.MAX_SAFE_INTEGER,
    },
  });
  return typeof trade === "string" ? "商户订单号重复" : trade;
}

function isSigned(fields: Fields, key: string): boolean {
  const given = Buffer.from((fields["sign"] ?? "").toLowerCase());
  const right = Buffer.from(md5Of(fields, key));
  return given.length === right.length && timingSafeEqual(given, right);
}

function submit(fields: Fields, core: FakeCore, key: string) {
  const trade = order(fields, core, key);
  if (typeof trade === "string")
    return page(200, `<!doctype html><meta charset="utf-8"><title>错误</title><p>${trade}</p>`);
  return { status: 302, headers: { Location: `/pay/${trade.number}` }, body: "" };
}

function mapi(fields: Fields, core: FakeCore, key: string) {
  if (!fields["clientip"]) return json(200, { code: -1, msg: "clientip不能为空" });
  if (!fields["type"]) return json(200, { code: -1, msg: "type不能为空" });
  const trade = order(fields, core, key);
  if (typeof trade === "string") return json(200, { code: -1, msg: trade });
  const address = `${core.url}/pay/${trade.number}`;
  const payable = fields["type"] === "wxpay" ? { qrcode: address } : { payurl: address };
  return json(200, { code: 1, msg: "success", trade_no: trade.tradeId, ...payable });
}

/** `api.php`: the key itself is the credential. */
function api(fields: Fields, core: FakeCore, key: string) {
  if (fields["pid"] !== PID) return json(200, { code: -3, msg: "商户ID不存在" });
  if (fields["key"] !== key) return json(200, { code: -3, msg: "商户密钥错误" });
  if (fields["act"] === "query") return json(200, { code: 1, pid: Number(PID), active: 1, money: "0.00", type: 1 });
  if (fields["act"] === "order") return query(fields, core);
  if (fields["act"] === "refund") return refund(fields, core);
  return json(200, { code: -5, msg: "No Act!" });
}

type Found = { readonly trade: Trade; readonly payment: Payment | undefined };

function look(fields: Fields, { books }: FakeCore): Found | undefined {
  const byNumber = books.find(fields["out_trade_no"] ?? "");
  const trades = [...books.trades.values()];
  const trade = byNumber ?? trades.find(({ payments }) => payments.some(({ txnId }) => txnId === fields["trade_no"]));
  if (!trade) return undefined;
  const named = trade.payments.find(({ txnId }) => txnId === fields["trade_no"]);
  return { trade, payment: named ?? trade.payments[0] };
}

function query(fields: Fields, core: FakeCore) {
  const found = look(fields, core);
  if (!found) return json(200, { code: -1, msg: "订单号不存在" });
  const { trade, payment } = found;
  const refunded = payment ? refundedMinor(trade, payment) : 0;
  const paid = payment && { endtime: beijing(payment.paidAtMs), refundmoney: yuan(refunded) };
  return json(200, {
    ...{ code: 1, msg: "查询订单号成功！", trade_no: payment?.txnId ?? trade.tradeId, out_trade_no: trade.number },
    ...{ type: trade.content.method, pid: Number(PID), addtime: beijing(trade.createdAtMs), name: trade.content.title },
    ...{ money: yuan(payment?.amountMinor ?? trade.content.amountMinor), status: payment ? (refunded > 0 ? 2 : 1) : 0 },
    ...paid,
  });
}

function refund(fields: Fields, core: FakeCore) {
  const found = look(fields, core);
  if (!found?.payment) return json(200, { code: -1, msg: "订单不存在或未支付" });
  const { trade, payment } = found;
  if (refundedMinor(trade, payment) > 0) return json(200, { code: -1, msg: "该订单已退款" });
  const request = { number: `refund-${core.now()}`, amountMinor: minorOf(fields["money"] ?? "") };
  if (!(request.amountMinor > 0)) return json(200, { code: -1, msg: "金额不合法" });
  const made = core.books.refund(trade, payment, request);
  if (typeof made === "string") return json(200, { code: -1, msg: "退款金额超出" });
  made.state = "done";
  return json(200, { code: 1, msg: "退款成功" });
}

type Signing = { readonly key: string; readonly forged: Forgery | null };

/** A notice: by GET for Alipay, by POST for the others, as both kinds of clones do. */
function noticeOf(trade: Trade, payment: Payment, { key, forged }: Signing): NoticeRequest {
  const fields = {
    ...{ pid: forged === "other-merchant" ? "1002" : PID, trade_no: payment.txnId, out_trade_no: trade.number },
    ...{ type: trade.content.method, name: trade.content.title, money: yuan(payment.amountMinor) },
    trade_status: "TRADE_SUCCESS",
  };
  const signer = forged === "foreign-key" ? "another-key" : forged === "empty-secret" ? "" : key;
  const signature = forged === "wrong-signature" ? "0".repeat(32) : md5Of(fields, signer);
  const signed = {
    ...fields,
    ...(forged === "changed" && { money: yuan(payment.amountMinor + 100) }),
    ...(forged !== "unsigned" && { sign: signature, sign_type: forged === "weak-algorithm" ? "NONE" : "MD5" }),
  };
  const text = bodyOf(signed, forged);
  const isGet = trade.content.method === "alipay";
  return {
    method: isGet ? "GET" : "POST",
    url: isGet ? `${trade.content.notifyUrl}?${text}` : trade.content.notifyUrl,
    headers: isGet ? {} : { "Content-Type": "application/x-www-form-urlencoded" },
    body: isGet ? undefined : text,
  };
}

function bodyOf(fields: Fields, forged: Forgery | null): string {
  const text = new URLSearchParams(fields).toString();
  if (forged === "doubled-field") return `money=0.01&${text}`;
  if (forged === "truncated") return text.slice(0, text.length - 20);
  // A byte that is no UTF-8, as the name has in GBK.
  return forged === "other-encoding" ? text.replace(/name=[^&]*/, "name=100%BB%FD%B7%D6") : text;
}
