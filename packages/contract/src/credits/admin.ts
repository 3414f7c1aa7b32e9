import { grantSources } from "@jifen/core";
import { z } from "zod";
import { staff } from "../callers.ts";
import { zGrantId, zReason, zTransactionId } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zAmount, zCredits, zIdempotencyKey, zTimestamp, zUserId } from "../primitives.ts";

const sourceRule = {
  error: bilingual({ zh: `必须是 ${grantSources.join("、")} 之一`, en: `must be one of ${grantSources.join(", ")}` }),
};
const priorityRule = {
  error: bilingual({ zh: "必须是 0 到 100 之间的整数", en: "must be a whole number from 0 to 100" }),
};

/** `POST /admin/users/{userId}/grants`: give credits to a user, once per idempotency key. */
export const grant = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/grants" },
  summary: { zh: "给用户发放积分", en: "Give credits to a user." },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    amount: zAmount,
    source: z.enum(grantSources, sourceRule).default("admin"),
    priority: z
      .int(priorityRule)
      .min(0, priorityRule)
      .max(100, priorityRule)
      .default(50)
      .meta({ description: "Lower is spent first; among equals what expires soonest." }),
    expiresAt: zTimestamp.optional().meta({ description: "From this moment on nothing of it can be spent." }),
    reason: zReason,
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    grantId: zGrantId,
    balance: zCredits.meta({ description: "What the user can spend now." }),
  }),
  refusals: ["USER_NOT_FOUND", "BALANCE_LIMIT", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/revocations`: take credits away from a user; what is set aside cannot be taken. */
export const revoke = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/revocations" },
  summary: { zh: "收回用户的积分", en: "Take credits away from a user." },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    amount: zAmount,
    reason: zReason,
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    revoked: zCredits,
    balance: zCredits.meta({ description: "What the user can spend now." }),
  }),
  refusals: ["USER_NOT_FOUND", "INSUFFICIENT_CREDITS", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
