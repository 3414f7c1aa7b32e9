import {
  type FromGateway,
  type Gateway,
  type GatewayLimits,
  minorUnits,
  moneyText,
  type OrderAtGateway,
  type Payable,
  type PaymentRequest,
  type RefundRequest,
  type Trade,
} from "@jifen/billing";
import { invariant, ok } from "@jifen/core";
import { checkRequest } from "../check-request.ts";
import { noMerchantBalance, orderUnavailable, refusedBy, unavailable } from "../failures.ts";
import { type GatewayOptions, withDefaults } from "../options.ts";
import { isPrivateHost } from "../private-host.ts";
import { askEpay, type EpayAnswer, type EpayCall, orderAtEpay } from "./api.ts";
import { cleanEpayUrl, type EpayConfig } from "./config.ts";
import { examineEpay } from "./examine.ts";
import { type EpayAccount, epayFact } from "./facts.ts";
import { readEpayNotice } from "./notice.ts";
import { epaySignature } from "./sign.ts";

const MINUTE_MS = 60_000;

/** Opens a merchant of the epay protocol, with its MD5 dialect. Makes no request. */
export function openEpay(config: EpayConfig, options: GatewayOptions = {}): Gateway {
  const { now, timeoutMs } = withDefaults(options);
  const url = cleanEpayUrl(config.url);
  // The protocol has no test mode: money is real unless the gateway is one of a developer. With http it is as real as with https.
  const account: EpayAccount = { merchant: `${new URL(url).host}:${config.pid}`, live: !isPrivateHost(url) };
  const call: EpayCall = { config, url, timeoutMs };
  const limits: GatewayLimits = {
    currencies: [{ currency: "CNY", minMinor: minorUnits(1), maxMinor: minorUnits(100_000_000) }],
    methods: config.types,
    ...{ shortestMs: MINUTE_MS, longestMs: 24 * 60 * MINUTE_MS },
    ...{ canClose: false, refundGapMs: config.canRefund ? 0 : null, canRefundParts: false },
  };
  const find = (order: OrderAtGateway, txnId?: string) => findTrade({ call, account, now }, order, txnId);
  return {
    channel: "epay",
    ...account,
    limits,
    create: async (request) => {
      const checked = checkRequest(request, limits);
      return checked.ok ? create(call, request) : checked;
    },
    find,
    // The protocol cannot close an order.
    close: (order) => find(order),
    readNotice: (raw, nowMs) => readEpayNotice(raw, { config, account, nowMs }),
    answer: (verdict) => ({ status: 200, type: "text/plain", body: verdict === "recorded" ? "success" : "fail" }),
    refund: (request) => refund(call, request),
    findRefund: async ({ orderId, refundId, txnId, paid }) => {
      const asked = await askEpay(call, { act: "order", out_trade_no: orderId, trade_no: txnId });
      if (!asked.ok) return asked;
      if (!isRefunded(asked.value.answer))
        return knows(asked.value.answer) ? ok(undefined) : notUnderstood(asked.value.answer);
      return ok({ kind: "refund", refundId: txnId, reversalId: refundId, txnId, amount: paid, state: "done" } as const);
    },
    examine: (nowMs) => examineEpay(call, nowMs),
  };
}

/** The address is signed and has the same content each time, so a repetition is the same order. */
async function create(call: EpayCall, request: PaymentRequest): FromGateway<Payable> {
  const { config, url } = call;
  const fields = {
    ...{ pid: config.pid, type: request.method, out_trade_no: request.orderId },
    ...{ notify_url: request.notifyUrl, return_url: request.returnUrl },
    ...{ name: request.title, money: moneyText(request.amount) },
  };
  if (config.mode === "redirect") {
    const query = new URLSearchParams(signed(fields, config.key));
    return ok({ kind: "redirect", text: `${url}/submit.php?${query}`, providerRef: null });
  }
  const device = { clientip: request.clientAddress ?? "127.0.0.1", device: "pc" };
  const ordered = await orderAtEpay(call, signed({ ...fields, ...device }, config.key));
  if (!ordered.ok) return ordered;
  const { payurl, qrcode, urlscheme, trade_no: providerRef = null } = ordered.value;
  const text = qrcode ?? payurl ?? urlscheme;
  if (!text) return refusedBy("NOTHING_PAYABLE", "the answer has no payurl, qrcode or urlscheme");
  return ok({ kind: qrcode ? "qr" : "redirect", text, providerRef });
}

const signed = (fields: Record<string, string>, key: string): Record<string, string> => ({
  ...fields,
  sign: epaySignature(fields, key),
  sign_type: "MD5",
});

type Finding = { readonly call: EpayCall; readonly account: EpayAccount; readonly now: () => number };

/** Asks by the order number, and by the transaction where a notice names one: a number can have been paid twice. */
async function findTrade(with_: Finding, order: OrderAtGateway, txnId?: string): FromGateway<Trade> {
  const byNumber = await ask(with_, order, {});
  if (!byNumber.ok || txnId === undefined) return byNumber;
  if (byNumber.value.facts.some((fact) => fact.txnId === txnId)) return byNumber;
  const byTxn = await ask(with_, order, { trade_no: txnId });
  if (!byTxn.ok) return byTxn;
  const others = byTxn.value.facts.filter((fact) => fact.txnId === txnId);
  if (others.length === 0) return byNumber;
  return ok({ state: "closed", facts: [...byNumber.value.facts, ...others], reversals: [] });
}

async function ask(
  { call, account, now }: Finding,
  order: OrderAtGateway,
  by: Record<string, string>,
): FromGateway<Trade> {
  const asked = await askEpay(call, { act: "order", out_trade_no: order.orderId, ...by });
  if (!asked.ok) return asked;
  const { answer } = asked.value;
  if (isAbsent(answer)) return ok({ state: "absent", facts: [], reversals: [] });
  if (!knows(answer)) return notUnderstood(answer);
  if (answer["out_trade_no"] !== order.orderId) return orderUnavailable("the answer is about another order");
  if (!isPaid(answer)) return ok({ state: "open", facts: [], reversals: [] });
  const fact = epayFact(answer, account, now());
  if (!fact) return notUnderstood(answer);
  return ok({ state: "closed", facts: [{ ...fact, isReturned: isReturned(answer) }], reversals: [] });
}

const knows = ({ code, status }: EpayAnswer): boolean => code === "1" && /^[0123]$/.test(status ?? "");
// Refunded and frozen orders were paid.
const isPaid = ({ status }: EpayAnswer): boolean => status === "1" || status === "2" || status === "3";
const isReturned = ({ status }: EpayAnswer): boolean => status === "2" || status === "3";
const isRefunded = ({ code, status }: EpayAnswer): boolean => code === "1" && status === "2";
const isAbsent = ({ code, msg }: EpayAnswer): boolean =>
  code !== "1" && /订单(号)?不存在|not exist|no such order/i.test(msg ?? "");
const notUnderstood = ({ code, msg }: EpayAnswer) => unavailable(`code ${code}: ${msg ?? "unknown answer"}`);

/** Refunds have no number here, so that a second one of a part could not be told from a repetition: only the whole goes back. */
async function refund(call: EpayCall, { orderId, txnId, amount, paid }: RefundRequest) {
  if (!call.config.canRefund)
    return refusedBy("BY_HAND", "refunds of this gateway are made by hand: EPAY_REFUND is off");
  if (amount.minor !== paid.minor) return refusedBy("PARTS", "a part of an epay payment cannot be refunded safely");
  invariant(amount.currency === "CNY", "an epay payment is in CNY");
  const asked = await askEpay(call, {
    act: "refund",
    out_trade_no: orderId,
    trade_no: txnId,
    money: moneyText(amount),
  });
  if (!asked.ok) return asked;
  const { answer } = asked.value;
  if (answer["code"] === "1" || /已(全额)?退款/.test(answer["msg"] ?? ""))
    return ok({ state: "pending", providerRef: txnId } as const);
  if (/余额不足/.test(answer["msg"] ?? "")) return noMerchantBalance(answer["msg"] ?? "");
  return refusedBy(answer["code"] ?? "", answer["msg"] ?? "");
}
