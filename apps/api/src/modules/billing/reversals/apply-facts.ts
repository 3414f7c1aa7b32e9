import type { DisputeFact, RefundFact } from "@jifen/billing";
import type { EventSource, Order, Payment } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { paymentIdOf } from "../payments/payment-id.ts";
import { finishReversal } from "./finish-reversal.ts";
import { followDispute } from "./follow-dispute.ts";
import { recordOutsideRefund } from "./outside-refund.ts";
import { followRefund } from "./return-money.ts";

/** What a provider proves of refunds and disputes. */
type ReversalFact = RefundFact | DisputeFact;

/** Does what follows from refunds and disputes that the provider lists with an order. It can be repeated. */
export async function applyReversalFacts(
  deps: PaymentDeps,
  order: Order,
  { facts, source }: { readonly facts: readonly ReversalFact[]; readonly source: EventSource },
): Promise<void> {
  const { channel, merchant } = order;
  for (const fact of facts) {
    const id = paymentIdOf({ channel, merchant, txnId: fact.txnId });
    const payment = await deps.database.payments.find({ userId: order.userId, id });
    if (!payment) {
      deps.log.error({ order: order.id, transaction: fact.txnId }, "a reversal names a payment that is not recorded");
    } else if (fact.kind === "dispute") {
      await followDispute(deps, payment, { fact, source });
    } else {
      await applyRefund(deps, payment, { fact, source });
    }
  }
}

/** A refund of ours is recognised by its number: its credits are never taken twice. Any other was made at the provider. */
async function applyRefund(
  deps: PaymentDeps,
  payment: Payment,
  { fact, source }: { readonly fact: RefundFact; readonly source: EventSource },
): Promise<void> {
  const { reversalId } = fact;
  const own =
    reversalId === null ? undefined : await deps.database.reversals.find({ userId: payment.userId, id: reversalId });
  if (own?.paymentId !== payment.id) return recordOutsideRefund(deps, payment, { fact, source });
  const isUnfinished = own.state === "asked" || own.state === "failing";
  const reversal = isUnfinished ? await finishReversal(deps, own, source) : own;
  // One that failed here has given its credits back: if the provider has returned the money, they are taken again. One that
  // staff made there is another refund.
  const isAnother = reversal.outsideId !== null && reversal.outsideId !== fact.refundId;
  if (reversal.state === "failed" || isAnother) return recordOutsideRefund(deps, payment, { fact, source });
  await followRefund(deps, reversal, { state: fact.state, source, providerRef: fact.refundId });
}
