import {
  type FromGateway,
  moneyText,
  parseMoney,
  type RefundAccepted,
  type RefundAtGateway,
  type RefundFact,
  type RefundRequest,
} from "@jifen/billing";
import { ok } from "@jifen/core";
import { unavailable } from "../failures.ts";
import { reversalIdOf } from "../reversal-number.ts";
import { type AlipayCall, askAlipay } from "./call.ts";

/** Returns money. Code 10000 alone is no success: the money has moved when `fund_change` is Y. */
export async function refundTrade(call: AlipayCall, request: RefundRequest): FromGateway<RefundAccepted> {
  const { orderId, txnId, reversalId, amount, reason } = request;
  const asked = await askAlipay(call, {
    method: "alipay.trade.refund",
    content: {
      ...{ out_trade_no: orderId, trade_no: txnId, out_request_no: reversalId },
      ...{ refund_amount: moneyText(amount), refund_reason: reason },
    },
  });
  if (!asked.ok) return asked;
  return ok({ state: asked.value["fund_change"] === "Y" ? "done" : "pending", providerRef: null });
}

/** Asks for a refund. Alipay answers a success without a refund for a number that it does not know. */
export async function findRefund(call: AlipayCall, refund: RefundAtGateway): FromGateway<RefundFact | undefined> {
  const { orderId, txnId, refundId } = refund;
  const asked = await askAlipay(call, {
    method: "alipay.trade.fastpay.refund.query",
    content: { out_trade_no: orderId, trade_no: txnId, out_request_no: refundId },
  });
  if (!asked.ok) return asked;
  const { refund_amount: text, refund_status: status, out_request_no: number } = asked.value;
  if (typeof text !== "string" || text === "") return ok(undefined);
  const amount = parseMoney(text, "CNY");
  if (!amount.ok || (number !== undefined && number !== refundId))
    return unavailable("the answer is about another refund");
  const state = status === "REFUND_SUCCESS" ? "done" : "pending";
  return ok({ kind: "refund", refundId, reversalId: reversalIdOf(refundId), txnId, amount: amount.value, state });
}
