import {
  type FromGateway,
  moneyText,
  type OrderAtGateway,
  type Payable,
  type PaymentFact,
  type PaymentRequest,
  parseMoney,
  type Trade,
} from "@jifen/billing";
import { ok } from "@jifen/core";
import { beijingTime, parseBeijingTime } from "../beijing-time.ts";
import { orderUnavailable, refusedBy, unavailable } from "../failures.ts";
import { type AlipayAnswer, type AlipayCall, askAlipay, paramsOf } from "./call.ts";

const products = { page: "FAST_INSTANT_TRADE_PAY", wap: "QUICK_WAP_WAY" } as const;

const contentOf = ({ orderId, amount, title, expiresAtMs }: PaymentRequest) => ({
  ...{ out_trade_no: orderId, total_amount: moneyText(amount), subject: title, time_expire: beijingTime(expiresAtMs) },
});

/** Makes an order payable. A page is an address that is signed here: the same request gives the same address. */
export async function createTrade(call: AlipayCall, request: PaymentRequest): FromGateway<Payable> {
  if (request.method === "page" || request.method === "wap") return ok(pageOf(call, request, request.method));
  const asked = await askAlipay(call, {
    ...{ method: "alipay.trade.precreate", content: contentOf(request), notifyUrl: request.notifyUrl },
  });
  if (!asked.ok) return asked;
  const code = asked.value["qr_code"];
  if (typeof code !== "string" || code === "") return refusedBy("NOTHING_PAYABLE", "the answer has no qr_code");
  return ok({ kind: "qr", text: code, providerRef: null });
}

function pageOf({ sdk }: AlipayCall, request: PaymentRequest, kind: keyof typeof products): Payable {
  const { notifyUrl, returnUrl, createdAtMs } = request;
  const content = { ...contentOf(request), product_code: products[kind] };
  const method = `alipay.trade.${kind}.pay`;
  const params = { ...paramsOf({ method, content, notifyUrl }, createdAtMs), returnUrl };
  return { kind: "redirect", text: sdk.pageExecute(method, "GET", params), providerRef: null };
}

/** Whose payment it is. */
type Account = { readonly appId: string; readonly live: boolean };

/** The payment in the fields of a notice or a query; undefined when a part is missing. */
export function alipayFact(
  fields: Readonly<Record<string, unknown>>,
  { appId, live }: Account,
  paidAtMs: number | undefined,
): PaymentFact | undefined {
  const { out_trade_no: orderId, trade_no: txnId, total_amount: money } = fields;
  const amount = parseMoney(typeof money === "string" ? money : "", "CNY");
  if (typeof orderId !== "string" || typeof txnId !== "string" || txnId === "" || !amount.ok) return undefined;
  if (paidAtMs === undefined) return undefined;
  return { channel: "alipay", merchant: appId, live, orderId, txnId, amount: amount.value, paidAtMs };
}

const absent = { state: "absent", facts: [], reversals: [] } as const satisfies Trade;

/** Asks for an order. A code that no user has scanned is no trade yet. */
export async function findTrade(call: AlipayCall, order: OrderAtGateway): FromGateway<Trade> {
  const asked = await askAlipay(call, { method: "alipay.trade.query", content: { out_trade_no: order.orderId } });
  if (!asked.ok) return isNotExisting(asked.refusal) ? ok(absent) : asked;
  if (asked.value["out_trade_no"] !== order.orderId) return orderUnavailable("the answer is about another order");
  return tradeOf(call, asked.value);
}

const isNotExisting = (failure: { readonly code: string; readonly providerCode?: string }): boolean =>
  failure.code === "GATEWAY_REFUSED" && failure.providerCode === "ACQ.TRADE_NOT_EXIST";

function tradeOf({ config, live }: AlipayCall, answer: AlipayAnswer) {
  const { trade_status: status, send_pay_date: paidAt } = answer;
  const paidAtMs = parseBeijingTime(typeof paidAt === "string" ? paidAt : undefined);
  const fact = alipayFact(answer, { appId: config.appId, live }, paidAtMs);
  switch (status) {
    case "WAIT_BUYER_PAY":
      return ok({ state: "open", facts: [], reversals: [] } as const);
    case "TRADE_SUCCESS":
    case "TRADE_FINISHED":
      return fact
        ? ok({ state: "closed", facts: [fact], reversals: [] } as const)
        : unavailable("a payment without its parts");
    case "TRADE_CLOSED":
      // With a time of payment it was paid and refunded, by refunds that the answer does not name.
      return ok({ state: "closed", facts: fact ? [{ ...fact, isReturned: true }] : [], reversals: [] } as const);
    default:
      return unavailable(`the trade has the unknown state ${String(status)}`);
  }
}

/** Ends an order. What was paid meanwhile cannot be closed: then its payment is the answer. */
export async function closeTrade(call: AlipayCall, order: OrderAtGateway): FromGateway<Trade> {
  const asked = await askAlipay(call, { method: "alipay.trade.close", content: { out_trade_no: order.orderId } });
  if (!asked.ok && isNotExisting(asked.refusal)) return ok(absent);
  if (!asked.ok && asked.refusal.code !== "GATEWAY_REFUSED") return asked;
  return await findTrade(call, order);
}
