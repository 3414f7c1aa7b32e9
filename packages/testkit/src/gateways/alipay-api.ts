import { type AlipayAccount, isSigned, signatureOf, textOf } from "./alipay-signing.ts";
import type { Payment, Refund, Trade } from "./books.ts";
import { beijing, minorOf, yuan } from "./chinese-texts.ts";
import { type FakeCore, type FakeRequest, type FakeResponse, page } from "./fake-server.ts";

/** What the gateway works with. */
export type AlipayState = {
  readonly core: FakeCore;
  readonly account: AlipayAccount;
  readonly refunded: (trade: Trade, payment: Payment, refund: Refund) => void;
};

type Fields = Readonly<Record<string, string>>;
type Content = Readonly<Record<string, unknown>>;

const common = ["app_id", "method", "format", "charset", "sign_type", "sign", "timestamp", "version", "biz_content"];
// The official SDKs name themselves.
const optional = ["notify_url", "return_url", "alipay_sdk"];

const success = { code: "10000", msg: "Success" };
const business = (subCode: string, subMsg: string): Content => ({
  ...{ code: "40004", msg: "Business Failed", sub_code: `ACQ.${subCode}`, sub_msg: subMsg },
});
const invalid = (subCode: string, subMsg: string): Content => ({
  ...{ code: "40002", msg: "Invalid Arguments", sub_code: `isv.${subCode}`, sub_msg: subMsg },
});

/** Answers `gateway.do`: the signature first, then the method. */
export function answerAlipay(request: FakeRequest, state: AlipayState): FakeResponse | undefined {
  if (request.path !== "/gateway.do") return undefined;
  const query = Object.fromEntries(new URLSearchParams(request.query));
  const fields: Fields = { ...query, ...Object.fromEntries(new URLSearchParams(request.body)) };
  const method = fields["method"] ?? "";
  if (fields["app_id"] !== state.account.appId) {
    return { status: 200, body: JSON.stringify({ error_response: invalid("invalid-app-id", "无效的AppID参数") }) };
  }
  const problem = problemOf(fields, state);
  const isPage = method === "alipay.trade.page.pay" || method === "alipay.trade.wap.pay";
  if (isPage) return problem ? page(200, `<p>${String(problem["sub_msg"])}</p>`) : payOnPage(fields, state);
  return signed(method, problem ?? call(method, fields, state), state);
}

function problemOf(fields: Fields, { account, core }: AlipayState): Content | undefined {
  const unknown = Object.keys(fields).find((name) => ![...common, ...optional].includes(name));
  if (unknown !== undefined) return invalid("unknown-parameter", unknown);
  if (fields["sign_type"] !== "RSA2") return invalid("invalid-signature-type", "签名类型无效");
  if (!isSigned(textOf(fields, ["sign"]), account.appKey, fields["sign"] ?? "")) {
    return invalid("invalid-signature", "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配");
  }
  const sentAtMs = Date.parse(`${(fields["timestamp"] ?? "").replace(" ", "T")}+08:00`);
  return Math.abs(sentAtMs - core.now()) <= 86_400_000 ? undefined : invalid("invalid-timestamp", "非法的时间戳参数");
}

/** An answer in the form of Alipay: the signature is over the text of the answer as it is sent. */
function signed(method: string, content: Content, { account, core }: AlipayState): FakeResponse {
  const { answers } = core.switches();
  const text = JSON.stringify(content);
  const isForged = answers === "forged";
  const sign = signatureOf(text, isForged ? account.foreignKey : account.alipayKey);
  const name = `${method.replaceAll(".", "_")}_response`;
  const body = answers === "unsigned" ? `{"${name}":${text}}` : `{"${name}":${text},"sign":"${sign}"}`;
  return { status: 200, headers: { "Content-Type": "text/html;charset=utf-8" }, body };
}

function contentOf(fields: Fields): Fields {
  const content: unknown = JSON.parse(fields["biz_content"] ?? "{}");
  return Object.fromEntries(Object.entries(content as object).map(([name, value]) => [name, String(value)]));
}

function call(method: string, fields: Fields, state: AlipayState): Content {
  const content = contentOf(fields);
  const trade = state.core.books.find(content["out_trade_no"] ?? "");
  switch (method) {
    case "alipay.trade.precreate":
      return precreate(fields, state);
    case "alipay.trade.query":
      return trade?.isKnown ? tradeOf(trade, state.core.now()) : business("TRADE_NOT_EXIST", "交易不存在");
    case "alipay.trade.close":
      return trade?.isKnown ? close(trade) : business("TRADE_NOT_EXIST", "交易不存在");
    case "alipay.trade.refund":
      return trade ? refund(trade, content, state) : business("TRADE_NOT_EXIST", "交易不存在");
    case "alipay.trade.fastpay.refund.query":
      return trade ? findRefund(trade, content) : business("TRADE_NOT_EXIST", "交易不存在");
    default:
      return invalid("invalid-method", "不存在的方法名");
  }
}

function open(fields: Fields, { core }: AlipayState): Trade | Content {
  const content = contentOf(fields);
  const allowed = ["out_trade_no", "total_amount", "subject", "time_expire", "product_code"];
  const unknown = Object.keys(content).find((name) => !allowed.includes(name));
  if (unknown !== undefined) return business("INVALID_PARAMETER", `参数无效：${unknown}`);
  const amountMinor = minorOf(content["total_amount"] ?? "");
  const expiresAtMs = Date.parse(`${(content["time_expire"] ?? "").replace(" ", "T")}+08:00`);
  const title = content["subject"] ?? "";
  const isValid = amountMinor > 0 && expiresAtMs > core.now() && title !== "" && !/[/=&]/.test(title);
  if (!isValid || !content["out_trade_no"]) return business("INVALID_PARAMETER", "参数无效");
  const opened = core.books.open(content["out_trade_no"], {
    ...{ amountMinor, currency: "CNY", title, method: fields["method"] ?? "", expiresAtMs },
    ...{ notifyUrl: fields["notify_url"] ?? "", returnUrl: fields["return_url"] ?? "" },
  });
  return typeof opened === "string" ? business("CONTEXT_INCONSISTENT", "交易信息被篡改") : opened;
}

const isTrade = (opened: Trade | Content): opened is Trade => "payments" in opened;

function precreate(fields: Fields, state: AlipayState): Content {
  const opened = open(fields, state);
  if (!isTrade(opened)) return opened;
  if (opened.payments.length > 0) return business("TRADE_HAS_SUCCESS", "交易已被支付");
  return { ...success, out_trade_no: opened.number, qr_code: `${state.core.url}/pay/${opened.number}` };
}

function payOnPage(fields: Fields, state: AlipayState): FakeResponse {
  const opened = open(fields, state);
  if (!isTrade(opened)) return page(200, `<p>${String(opened["sub_msg"])}</p>`);
  return { status: 302, headers: { Location: `/pay/${opened.number}` }, body: "" };
}

function tradeOf(trade: Trade, now: number): Content {
  const { payments, content, number, isClosed, refunds } = trade;
  const [payment] = payments;
  const ended = isClosed || (!payment && now >= content.expiresAtMs);
  const isReturned = payment && refunds.reduce((sum, each) => sum + each.amountMinor, 0) >= payment.amountMinor;
  const paid = isReturned ? "TRADE_CLOSED" : "TRADE_SUCCESS";
  return {
    ...{ ...success, out_trade_no: number, trade_no: payment?.txnId ?? trade.tradeId },
    ...{ total_amount: yuan(payment?.amountMinor ?? content.amountMinor), receipt_amount: "0.00" },
    trade_status: payment ? paid : ended ? "TRADE_CLOSED" : "WAIT_BUYER_PAY",
    ...(payment && { send_pay_date: beijing(payment.paidAtMs) }),
  };
}

function close(trade: Trade): Content {
  if (trade.payments.length > 0 || trade.isClosed) return business("REASON_TRADE_STATUS_INVALID", "交易状态不合法");
  trade.isClosed = true;
  return { ...success, out_trade_no: trade.number, trade_no: trade.tradeId };
}

function refund(trade: Trade, content: Fields, { core, refunded }: AlipayState): Content {
  const [payment] = trade.payments;
  if (!payment) return business("TRADE_STATUS_ERROR", "交易状态不合法");
  const number = content["out_request_no"] ?? "";
  const amountMinor = minorOf(content["refund_amount"] ?? "");
  if (number === "" || !(amountMinor > 0)) return business("INVALID_PARAMETER", "参数无效");
  const isRepeated = trade.refunds.some((each) => each.number === number);
  const made = core.books.refund(trade, payment, { number, amountMinor });
  if (made === "content") return business("DISCORDANT_REPEAT_REQUEST", "不一致的请求");
  if (typeof made === "string") return business("REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限");
  made.state = "done";
  if (!isRepeated) refunded(trade, payment, made);
  const refundFee = yuan(trade.refunds.reduce((sum, each) => sum + each.amountMinor, 0));
  return {
    ...success,
    out_trade_no: trade.number,
    trade_no: payment.txnId,
    fund_change: isRepeated ? "N" : "Y",
    refund_fee: refundFee,
  };
}

function findRefund(trade: Trade, content: Fields): Content {
  const found = trade.refunds.find(({ number }) => number === content["out_request_no"]);
  if (!found) return success;
  return {
    ...{ ...success, out_trade_no: trade.number, trade_no: found.txnId, out_request_no: found.number },
    ...{ refund_amount: yuan(found.amountMinor), refund_status: "REFUND_SUCCESS" },
  };
}
