import type { FromGateway, RefundAccepted, RefundAtGateway, RefundFact, RefundRequest } from "@jifen/billing";
import { ok } from "@jifen/core";
import type Stripe from "stripe";
import { refusedBy } from "../failures.ts";
import { NET_MINOR, ORDER, REVERSAL, refundOf, type Shares } from "./facts.ts";
import type { StripeCall } from "./sessions.ts";
import { stripeFailure } from "./stripe-failure.ts";

/** Returns money with its part of the tax. The idempotency key is the number of the reversal. */
export async function createRefund(call: StripeCall, request: RefundRequest): FromGateway<RefundAccepted> {
  const { reversalId, orderId, txnId, amount, paid } = request;
  try {
    const { total } = await sharesPaid(call, txnId, paid.minor);
    const refund = await call.stripe.refunds.create(
      {
        payment_intent: txnId,
        // Rounded down: parts never add up to more than was paid.
        amount: Number((BigInt(total) * BigInt(amount.minor)) / BigInt(paid.minor)),
        metadata: { [ORDER]: orderId, [REVERSAL]: reversalId, [NET_MINOR]: String(amount.minor) },
      },
      { idempotencyKey: reversalId },
    );
    if (refund.status === "failed" || refund.status === "canceled") {
      return refusedBy(refund.failure_reason ?? refund.status, "the refund failed");
    }
    return ok({ state: refund.status === "succeeded" ? "done" : "pending", providerRef: refund.id });
  } catch (error) {
    return stripeFailure(error);
  }
}

/** Asks for a refund, by Stripe's id or by the number that we gave it. */
export async function findRefund(call: StripeCall, refund: RefundAtGateway): FromGateway<RefundFact | undefined> {
  const { providerRef, txnId, paid, refundId } = refund;
  try {
    const found = providerRef
      ? await call.stripe.refunds.retrieve(providerRef)
      : (await call.stripe.refunds.list({ payment_intent: txnId, limit: 100 })).data.find((each) =>
          isIt(each, refundId),
        );
    if (!found) return ok(undefined);
    return ok(refundOf(found, await sharesPaid(call, txnId, paid.minor)));
  } catch (error) {
    return stripeFailure(error);
  }
}

const isIt = (refund: Stripe.Refund, refundId: string): boolean =>
  refund.id === refundId || refund.metadata?.[REVERSAL] === refundId;

/** How much was paid with the tax on top. */
async function sharesPaid({ stripe, config }: StripeCall, txnId: string, net: number): Promise<Shares> {
  if (!config.hasTax) return { total: net, net };
  const intent = await stripe.paymentIntents.retrieve(txnId);
  return { total: intent.amount_received, net };
}
