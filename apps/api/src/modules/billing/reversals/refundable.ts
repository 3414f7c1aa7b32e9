import { creditsToTake } from "@jifen/billing";
import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { toMoney } from "../orders/to-order.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { reversibleOf } from "./payment-terms.ts";
import { readRemaining, refundableOf } from "./refund-terms.ts";
import { refundingChannel } from "./return-money.ts";

/** Reads how much of a payment can be returned, for staff. */
export const refundable = (deps: PaymentDeps) =>
  implement(operations.adminReversals.refundable, async ({ input }) => {
    const payment = await deps.database.payments.findById(input.paymentId);
    const order = payment && (await deps.database.orders.find({ userId: payment.userId, id: payment.orderId }));
    if (!order) return refuse({ code: "PAYMENT_NOT_FOUND" });
    const reversals = await deps.database.reversals.ofPayments(payment.userId, [payment.id]);
    const remaining = await readRemaining(deps, payment);
    const { most, left, why } = refundableOf({ payment, order, reversals }, remaining);
    const take = creditsToTake(reversibleOf(payment, reversals), most);
    const { currency, amountMinor } = payment;
    return ok({
      ...{ paymentId: payment.id, most: toMoney(most, currency), left: toMoney(left, currency), why },
      ...{ credits: take.credits, bonusCredits: take.bonus, remainingCredits: remaining },
      byHand: refundingChannel(deps, payment, amountMinor) === undefined,
      parts: refundingChannel(deps, payment, 0) !== undefined,
    });
  });
