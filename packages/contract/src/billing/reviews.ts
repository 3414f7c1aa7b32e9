import { z } from "zod";
import { staff } from "../callers.ts";
import { zReason, zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCredits, zCursor, zLimit, zOutputText, zPage, zSingleLine } from "../primitives.ts";
import { zMoney, zOrderId, zOrderPayment } from "./order-shape.ts";
import { zPaymentId } from "./reversals.ts";

const kinds = ["payment", "late", "stray", "reversal", "shortfall"] as const;
const kindRule = {
  error: bilingual({ zh: `必须是 ${kinds.join("、")} 之一`, en: `must be one of ${kinds.join(", ")}` }),
};

/** Money that came, or was expected. */
const zReported = z.object({
  channel: zOutputText(32),
  merchant: zOutputText(200),
  live: z.boolean(),
  amount: zMoney,
});

/** An entry of the review list. */
const zReview = z
  .object({
    kind: z.enum(kinds).meta({
      description:
        "`payment`: differs from its order. `late`: paid, and the credits are not granted after many attempts. `stray`: its order is not here, or belongs to another merchant. `reversal`: stuck, or not final for three days. `shortfall`: credits that a reversal could not take, because they were spent.",
    }),
    since: zTime,
    userId: zOutputText(320).nullable(),
    orderId: zOutputText(64).nullable().meta({ description: "The number that the payment carries." }),
    paymentId: zOutputText(40).nullable(),
    reversalId: zOutputText(40).nullable(),
    what: zReported
      .extend({
        providerId: zOutputText(255).nullable().meta({ description: "The transaction or the refund at the provider." }),
        reason: zOutputText(400).nullable().meta({
          description:
            "Why it is here. Of a payment: `returned`, when the provider no longer has all of its money; `live-mode`, `channel`, `merchant`, `currency` or `amount`, which differs from the order; `user-deleted`; `surplus`, when the order has another payment; `grant-refused`, by the ledger.",
        }),
        at: zTime.meta({ description: "When it was paid, or when the reversal was made." }),
        credits: zCredits.meta({ description: "The credits that depend on it; 0 for a stray." }),
      })
      .meta({ description: "What came." }),
    expected: zReported.nullable().meta({ description: "What its order expects, for a payment that differs from it." }),
    can: z
      .array(z.enum(["accept", "dismiss", "return", "retry", "settle", "resolve"]))
      .meta({ maxItems: 6, description: "What staff can do about it." }),
  })
  .meta({ id: "Review" });

/** A payment, for staff. */
const zAdminPayment = zOrderPayment
  .extend({ orderId: zOrderId, userId: zOutputText(320) })
  .meta({ id: "AdminPayment" });

/** `GET /admin/reviews`: what staff has to look at. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/reviews" },
  summary: {
    zh: "待处理列表：有差异的付款、找不到订单的付款、迟迟未入账或未完成的退款，最早的在前",
    en: "List what needs a decision: payments that differ, payments without an order, late credits, stuck refunds and shortfalls; oldest first.",
  },
  caller: staff("orders:read", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({
    kind: z.enum(kinds, kindRule).optional(),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(zReview),
  refusals: [],
});

const decision = {
  kind: "mutation",
  caller: staff("admin", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ paymentId: zPaymentId, reason: zReason }),
  output: zAdminPayment,
} as const;

/** `POST /admin/payments/{paymentId}/accept`: grants the full terms of the order for a payment in review. */
export const accept = operation({
  ...decision,
  rest: { method: "POST", path: "/admin/payments/{paymentId}/accept" },
  summary: {
    zh: "接受一笔待处理的付款，按订单的全部条款发放积分",
    en: "Accept a payment in review. It grants the full terms of its order.",
  },
  refusals: ["PAYMENT_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "NOT_IN_REVIEW", "NOT_ACCEPTABLE", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/payments/{paymentId}/dismiss`: ends the review of a payment without credits. */
export const dismiss = operation({
  ...decision,
  rest: { method: "POST", path: "/admin/payments/{paymentId}/dismiss" },
  summary: {
    zh: "驳回一笔待处理的付款，不发放积分",
    en: "Dismiss a payment in review. It grants nothing.",
  },
  refusals: ["PAYMENT_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "NOT_IN_REVIEW", "CREDITS_GRANTED", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/strays/{channel}/{merchant}/{txnId}/resolve`: notes how a payment without an order was dealt with. */
export const resolveStray = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/strays/{channel}/{merchant}/{txnId}/resolve" },
  summary: {
    zh: "记录一笔找不到订单的付款已如何处理",
    en: "Note how a payment without an order was dealt with. It leaves the review list.",
  },
  caller: staff("admin", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({
    channel: zSingleLine(32).meta({ examples: ["epay"] }),
    merchant: zSingleLine(200).meta({ examples: ["pay.example.com:1000"] }),
    txnId: zSingleLine(255).meta({ description: "The transaction at the provider.", examples: ["2026113022001"] }),
    note: zReason.meta({ description: "What was done, for the audit log.", examples: ["returned at the provider"] }),
  }),
  output: z.object({ resolved: z.literal(true) }),
  refusals: ["STRAY_NOT_FOUND", "OUTCOME_UNKNOWN"],
});
