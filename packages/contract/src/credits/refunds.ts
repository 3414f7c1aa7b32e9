import { z } from "zod";
import { staff } from "../callers.ts";
import { zNote, zReason, zTransactionId } from "../ids.ts";
import { operation } from "../operation.ts";
import { zAmount, zCredits, zIdempotencyKey } from "../primitives.ts";

/** `POST /credits/refunds`: refunds a charge, all that is left of it or a part, once per idempotency key. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/refunds" },
  summary: {
    zh: "退款：把一笔消费全部或部分退回原来的积分批次",
    en: "Refund a charge, all that is left of it or `amount`, to the grants it was taken from.",
  },
  caller: staff("credits:refund", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    transactionId: zTransactionId.meta({ description: "The charge: a transaction of kind consume or capture." }),
    amount: zAmount.optional(),
    reason: zReason.optional(),
    note: zNote.optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId.meta({ description: "The transaction of the refund." }),
    refunded: zCredits,
    expiredOnReturn: zCredits.meta({
      description:
        "Refunded credits whose grant has expired in the meantime. They expire immediately and are not part of `balance`.",
    }),
    balance: zCredits.meta({ description: "The available balance of the user after this operation." }),
  }),
  refusals: [
    "TRANSACTION_NOT_FOUND",
    "SELF_ACTION_FORBIDDEN",
    "NOT_REFUNDABLE",
    "REFUND_EXCEEDS_CHARGE",
    "BALANCE_LIMIT",
    "IDEMPOTENCY_KEY_REUSED",
    "OVERLOADED",
    "OUTCOME_UNKNOWN",
  ],
});
