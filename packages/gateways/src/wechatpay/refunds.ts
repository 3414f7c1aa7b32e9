import {
  type FromGateway,
  minorUnits,
  type RefundAccepted,
  type RefundAtGateway,
  type RefundFact,
  type RefundRequest,
} from "@jifen/billing";
import { ok } from "@jifen/core";
import { unavailable } from "../failures.ts";
import { reversalIdOf } from "../reversal-number.ts";
import type { WechatpayCall } from "./trades.ts";

const states: Readonly<Record<string, RefundFact["state"]>> = {
  ...{ SUCCESS: "done", CLOSED: "failed", PROCESSING: "pending", ABNORMAL: "stuck" },
};

/** Returns money. The answer only says that the refund was accepted. */
export async function refundNative({ ask }: WechatpayCall, request: RefundRequest): FromGateway<RefundAccepted> {
  const { txnId, reversalId, reason, amount, paid } = request;
  const asked = await ask({
    method: "POST",
    url: "/v3/refund/domestic/refunds",
    data: {
      ...{ transaction_id: txnId, out_refund_no: reversalId, reason },
      amount: { refund: amount.minor, total: paid.minor, currency: amount.currency },
    },
  });
  if (!asked.ok) return asked;
  const refundId = asked.value.body["refund_id"];
  return ok({ state: "pending", providerRef: typeof refundId === "string" ? refundId : null });
}

/** Asks for a refund. That there is none is not signed, but a repetition has the same number and is the same refund. */
export async function findNativeRefund(
  { ask }: WechatpayCall,
  refund: RefundAtGateway,
): FromGateway<RefundFact | undefined> {
  const { refundId, txnId } = refund;
  const asked = await ask({ method: "GET", url: `/v3/refund/domestic/refunds/${encodeURIComponent(refundId)}` });
  if (!asked.ok) {
    const isNone = asked.refusal.code === "GATEWAY_REFUSED" && asked.refusal.providerCode === "RESOURCE_NOT_EXISTS";
    return isNone ? ok(undefined) : asked;
  }
  const { status, amount, transaction_id: paidBy, out_refund_no: number } = asked.value.body;
  const minor = ((amount ?? {}) as { refund?: unknown }).refund;
  const isIt =
    number === refundId && paidBy === txnId && typeof minor === "number" && Number.isSafeInteger(minor) && minor >= 0;
  if (!isIt) return unavailable("the answer is about another refund");
  const state = states[String(status)] ?? "pending";
  const money = { minor: minorUnits(minor), currency: "CNY" } as const;
  return ok({ kind: "refund", refundId, reversalId: reversalIdOf(refundId), txnId, amount: money, state });
}
