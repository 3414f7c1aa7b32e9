import type { FromGateway, GatewayFailure, OrderAtGateway, Payable, PaymentRequest, Trade } from "@jifen/billing";
import { ok } from "@jifen/core";
import { beijingTime } from "../beijing-time.ts";
import { orderUnavailable, refusedBy, unavailable } from "../failures.ts";
import type { AskWechatpay } from "./call.ts";
import { isOf, type Transaction, type WechatpayAccount, wechatpayFact } from "./facts.ts";

/** What the calls of this adapter need. */
export type WechatpayCall = { readonly ask: AskWechatpay; readonly account: WechatpayAccount };

const pathOf = (orderId: string): string => `/v3/pay/transactions/out-trade-no/${orderId}`;

/** Makes an order payable by a QR code. */
export async function createNative({ ask, account }: WechatpayCall, request: PaymentRequest): FromGateway<Payable> {
  const asked = await ask({
    method: "POST",
    url: "/v3/pay/transactions/native",
    data: {
      ...{ appid: account.appId, mchid: account.mchId, description: request.title, out_trade_no: request.orderId },
      ...{ time_expire: `${beijingTime(request.expiresAtMs).replace(" ", "T")}+08:00`, notify_url: request.notifyUrl },
      amount: { total: request.amount.minor, currency: request.amount.currency },
    },
  });
  if (!asked.ok) return asked;
  const code = asked.value.body["code_url"];
  if (typeof code !== "string" || code === "") return refusedBy("NOTHING_PAYABLE", "the answer has no code_url");
  return ok({ kind: "qr", text: code, providerRef: null });
}

/** Asks for an order. */
export async function findNative({ ask, account }: WechatpayCall, order: OrderAtGateway): FromGateway<Trade> {
  const asked = await ask({ method: "GET", url: `${pathOf(order.orderId)}?mchid=${account.mchId}` });
  if (!asked.ok) return absentOr(asked.refusal, order);
  const transaction = asked.value.body;
  if (transaction["out_trade_no"] !== order.orderId || !isOf(transaction, account)) {
    return orderUnavailable("the answer is about another order");
  }
  return tradeOf(transaction, account);
}

/** That an order does not exist is not signed: it is believed only of an order that never got its code. */
function absentOr(failure: GatewayFailure, { isPayable }: OrderAtGateway) {
  const isNotExisting =
    failure.code === "GATEWAY_REFUSED" &&
    /^(ORDER_NOT_EXIST|ORDERNOTEXIST|RESOURCE_NOT_EXISTS)$/.test(failure.providerCode);
  if (isNotExisting && !isPayable) return ok({ state: "absent", facts: [], reversals: [] } as const);
  return failure.code === "GATEWAY_REFUSED"
    ? orderUnavailable(`${failure.providerCode}: not signed`)
    : ({ ok: false, refusal: failure } as const);
}

function tradeOf(transaction: Transaction, account: WechatpayAccount) {
  const state = String(transaction["trade_state"]);
  switch (state) {
    case "SUCCESS":
    // A part of it or all was refunded: the answer does not say how much, nor by which refunds.
    case "REFUND": {
      const fact = wechatpayFact(transaction, account);
      return fact
        ? ok({ state: "closed", facts: [{ ...fact, isReturned: state === "REFUND" }], reversals: [] } as const)
        : unavailable("a payment without its parts");
    }
    case "NOTPAY":
    case "USERPAYING":
      return ok({ state: "open", facts: [], reversals: [] } as const);
    case "CLOSED":
    case "REVOKED":
      return ok({ state: "closed", facts: [], reversals: [] } as const);
    default:
      return unavailable(`the trade has the unknown state ${state}`);
  }
}

/** Ends an order. Whatever the answer is, the query decides. */
export async function closeNative(call: WechatpayCall, order: OrderAtGateway): FromGateway<Trade> {
  const url = `${pathOf(order.orderId)}/close`;
  const asked = await call.ask({ method: "POST", url, data: { mchid: call.account.mchId } });
  if (!asked.ok && asked.refusal.code !== "GATEWAY_REFUSED") return asked;
  return await findNative(call, order);
}
