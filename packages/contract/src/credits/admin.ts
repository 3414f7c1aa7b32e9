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

/** `POST /admin/users/{userId}/grants`: grants credits to a user, once per idempotency key. */
export const grant = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/grants" },
  summary: { zh: "给用户发放积分", en: "Grant credits to a user." },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    amount: zAmount,
    source: z.enum(grantSources, sourceRule).default("admin"),
    priority: z.int(priorityRule).min(0, priorityRule).max(100, priorityRule).default(50).meta({
      description: "Grants with a lower value are spent first; among equal values the one that expires first.",
    }),
    expiresAt: zTimestamp.optional().meta({ description: "The grant cannot be spent from this time on." }),
    reason: zReason,
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    grantId: zGrantId,
    balance: zCredits.meta({ description: "The available balance of the user after this operation." }),
  }),
  refusals: [
    "USER_NOT_FOUND",
    "SELF_ACTION_FORBIDDEN",
    "BALANCE_LIMIT",
    "IDEMPOTENCY_KEY_REUSED",
    "OVERLOADED",
    "OUTCOME_UNKNOWN",
  ],
});

/** `POST /admin/users/{userId}/revocations`: revokes credits of a user, but not held credits. */
export const revoke = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/revocations" },
  summary: { zh: "收回用户的积分", en: "Revoke credits of a user." },
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
    balance: zCredits.meta({ description: "The available balance of the user after this operation." }),
  }),
  refusals: ["USER_NOT_FOUND", "INSUFFICIENT_CREDITS", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
