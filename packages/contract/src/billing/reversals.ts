import { z } from "zod";
import { staff } from "../callers.ts";
import { zNote, zReason } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zBoolean, zCredits, zIdempotencyKey, zOutputText, zPathId } from "../primitives.ts";
import { zMoney, zOrderReversal } from "./order-shape.ts";

/** The id of a payment. */
export const zPaymentId = zPathId("pay-01a204b452c2765e9ff63a127379f980").meta({ id: "PaymentId" });
const zReversalId = zPathId("01a204b452c2765e9ff63a127379f980").meta({
  id: "ReversalId",
  description: "The number of the refund at the payment provider.",
});

const minorRule = {
  error: bilingual({
    zh: "必须是正整数（最小货币单位，例如分）",
    en: "must be a whole number from 1, in minor units such as cents",
  }),
};

/** `GET /admin/payments/{paymentId}/refundable`: how much of a payment can be returned. */
export const refundable = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/payments/{paymentId}/refundable" },
  summary: { zh: "查询一笔付款最多可退多少", en: "Read how much of a payment can be refunded." },
  caller: staff("orders:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ paymentId: zPaymentId }),
  output: z.object({
    paymentId: zOutputText(40),
    most: zMoney,
    left: zMoney,
    why: z.enum(["not-credited", "disputed", "returned", "rule", "spent"]).nullable().meta({
      description:
        "`most` can be returned without goodwill, `left` with it; why they differ, or why nothing can be returned. `rule`: the pack is not refundable. `spent`: credits were spent.",
    }),
    credits: zCredits.meta({ description: "The credits that a refund of `most` takes." }),
    bonusCredits: zCredits,
    remainingCredits: zCredits.meta({ description: "What is left of the purchased credits." }),
    byHand: z.boolean().meta({ description: "Whether staff has to return the money at the provider." }),
    parts: z.boolean().meta({ description: "Whether the channel can return a part." }),
  }),
  refusals: ["PAYMENT_NOT_FOUND"],
});

/** `POST /admin/payments/{paymentId}/refunds`: takes the credits, then returns the money, once per idempotency key. */
export const refund = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/payments/{paymentId}/refunds" },
  summary: {
    zh: "退款：先收回对应的积分，再把钱退回付款人",
    en: "Refund a payment: take the credits that belong to the money, then return the money.",
  },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    paymentId: zPaymentId,
    amountMinor: z
      .int(minorRule)
      .min(1, minorRule)
      .max(1_000_000_000_000, minorRule)
      .optional()
      .meta({ description: "Minor units of the payment's currency; all that is left if left out.", examples: [990] }),
    goodwill: zBoolean.default(false).meta({
      description: "Returns money for spent credits too. Credits are taken as far as there are any.",
    }),
    keepCredits: zBoolean.default(false).meta({ description: "With `goodwill`: takes no credits." }),
    byHand: zBoolean.default(false).meta({
      description:
        "For channels that cannot return money: takes the credits; staff returns the money at the provider and confirms it.",
    }),
    reason: zReason,
    note: zNote.optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: zOrderReversal,
  refusals: [
    "PAYMENT_NOT_FOUND",
    "SELF_ACTION_FORBIDDEN",
    "IDEMPOTENCY_KEY_REUSED",
    "PAYMENT_NOT_REFUNDABLE",
    "PAYMENT_DISPUTED",
    "CHANNEL_CANNOT_REFUND",
    "REFUND_EXCEEDS_PAYMENT",
    "REFUND_EXCEEDS_UNUSED",
    "OUTCOME_UNKNOWN",
  ],
});

const decision = {
  kind: "mutation",
  caller: staff("admin", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ reversalId: zReversalId, reason: zReason }),
  output: zOrderReversal,
  refusals: ["REVERSAL_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "NOT_STUCK", "OUTCOME_UNKNOWN"],
} as const;

/** `POST /admin/reversals/{reversalId}/retry`: asks the provider for a stuck refund once more, under the same id. */
export const retry = operation({
  ...decision,
  rest: { method: "POST", path: "/admin/reversals/{reversalId}/retry" },
  summary: { zh: "重试一笔卡住的退款（使用同一个退款号）", en: "Retry a stuck refund, under the same id." },
});

/** `POST /admin/reversals/{reversalId}/settled-by-hand`: the money of a stuck refund was returned at the provider. */
export const settle = operation({
  ...decision,
  rest: { method: "POST", path: "/admin/reversals/{reversalId}/settled-by-hand" },
  summary: {
    zh: "确认一笔卡住的退款已在支付平台人工退回",
    en: "Confirm that the money of a stuck refund was returned at the provider.",
  },
});
