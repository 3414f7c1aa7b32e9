import type { Currency } from "@jifen/billing";
import type { operations } from "@jifen/contract";
import type { Order, Payment, Reversal, Review, Stray } from "@jifen/database";
import type { z } from "zod";
import { isoTime } from "../../../values/iso-time.ts";
import { toMoney } from "../orders/to-order.ts";
import { hasGranted, obstacleTo } from "./not-acceptable.ts";

type Output = z.input<typeof operations.adminReviews.list.output>["items"][number];

/** The rows that the entries of a page belong to, by their ids. */
export type Belongings = {
  readonly orders: ReadonlyMap<string, Order>;
  readonly payments: ReadonlyMap<string, Payment>;
};

/** An entry of the review list as responses have it. */
export function toReview(review: Review, rows: Belongings): Output {
  switch (review.kind) {
    case "payment":
    case "late":
      return ofPayment(review.kind, review.payment, rows);
    case "stray":
      return ofStray(review.stray);
    case "reversal":
    case "shortfall":
      return ofReversal(review.kind, review.reversal, rows);
    default:
      return review satisfies never;
  }
}

/** What payments, orders and strays have in common. */
type Reported = Pick<Payment, "channel" | "merchant" | "live" | "currency"> & { readonly amountMinor: number };

const reportedBy = ({ channel, merchant, live, amountMinor, currency }: Reported) => ({
  ...{ channel, merchant, live, amount: toMoney(amountMinor, currency) },
});

function ofPayment(kind: "payment" | "late", payment: Payment, { orders }: Belongings): Output {
  const order = orders.get(payment.orderId);
  return {
    ...{ kind, since: isoTime(payment.recordedAtMs), userId: payment.userId, orderId: payment.orderId },
    ...{ paymentId: payment.id, reversalId: null },
    what: {
      ...reportedBy(payment),
      ...{ providerId: payment.txnId, reason: payment.reason, at: isoTime(payment.paidAtMs) },
      credits: payment.credits + payment.bonusCredits,
    },
    expected: kind === "payment" && order ? reportedBy(order) : null,
    can: kind === "late" ? [] : verbsOf(payment, order),
  };
}

function verbsOf(payment: Payment, order: Order | undefined): Output["can"] {
  const obstacle = obstacleTo(payment, order);
  const isReturning = obstacle === "returning" || obstacle === "disputed";
  const can = { accept: obstacle === undefined, dismiss: !hasGranted(payment), return: !isReturning };
  return (["accept", "dismiss", "return"] as const).filter((verb) => can[verb]);
}

const ofStray = (stray: Stray): Output => ({
  ...{ kind: "stray", since: isoTime(stray.firstMs), userId: null, orderId: stray.orderNumber },
  ...{ paymentId: null, reversalId: null },
  what: {
    ...reportedBy({ ...stray, currency: stray.currency as Currency }),
    ...{ providerId: stray.txnId, reason: "unknown-order", at: isoTime(stray.paidAtMs), credits: 0 },
  },
  expected: null,
  can: ["resolve"],
});

function ofReversal(kind: "reversal" | "shortfall", reversal: Reversal, { payments }: Belongings): Output {
  const payment = payments.get(reversal.paymentId);
  return {
    ...{ kind, since: isoTime(reversal.createdAtMs), userId: reversal.userId, orderId: payment?.orderId ?? null },
    ...{ paymentId: reversal.paymentId, reversalId: reversal.id },
    what: {
      ...{ channel: payment?.channel ?? "", merchant: payment?.merchant ?? "", live: payment?.live ?? false },
      ...{ amount: toMoney(reversal.amountMinor, reversal.currency), at: isoTime(reversal.createdAtMs) },
      ...{ providerId: reversal.providerRef ?? reversal.outsideId, reason: `${reversal.kind}: ${reversal.state}` },
      credits: kind === "shortfall" ? reversal.shortfall : reversal.askedCredits,
    },
    expected: null,
    can: kind === "reversal" && reversal.state === "stuck" ? ["retry", "settle"] : [],
  };
}
