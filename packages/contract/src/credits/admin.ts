import { grantSources } from "@jifen/core";
import { z } from "zod";
import { staff } from "../callers.ts";
import { zGrantId, zHoldId, zNote, zReason, zTransactionId } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zAmount, zBoolean, zCredits, zIdempotencyKey, zTimestamp, zUserId } from "../primitives.ts";
import { holdRefusals, zExpiredOnReturn, zHeld } from "./holds.ts";

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
  caller: { ...staff("admin", "finance", "admin"), otherScope: "credits:grant" },
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    amount: zAmount,
    source: z.enum(grantSources, sourceRule).default("admin").meta({
      description: "A key with the scope `credits:grant` names `purchase` or `bonus`.",
    }),
    priority: z.int(priorityRule).min(0, priorityRule).max(100, priorityRule).default(50).meta({
      description: "Grants with a lower value are spent first; among equal values the one that expires first.",
    }),
    expiresAt: zTimestamp.optional().meta({ description: "The grant cannot be spent from this time on." }),
    reason: zReason,
    note: zNote.optional(),
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
    "GRANT_LIMIT_REACHED",
    "BALANCE_LIMIT",
    "IDEMPOTENCY_KEY_REUSED",
    "OVERLOADED",
    "OUTCOME_UNKNOWN",
  ],
});

/** `POST /admin/users/{userId}/revocations`: revokes credits of a user, of all grants or of one, but not held credits. */
export const revoke = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/revocations" },
  summary: { zh: "收回用户的积分", en: "Revoke credits of a user." },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    amount: zAmount,
    grantId: zGrantId.optional().meta({ description: "Takes from this grant only, instead of in spending order." }),
    atMost: zBoolean.default(false).meta({
      description: "Takes what can be taken when that is less than `amount`. `revoked` says how much it was.",
    }),
    reason: zReason,
    note: zNote.optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    revoked: zCredits,
    balance: zCredits.meta({ description: "The available balance of the user after this operation." }),
  }),
  refusals: [
    "CONFIRMATION_REQUIRED",
    "USER_NOT_FOUND",
    "GRANT_SPENT",
    "INSUFFICIENT_CREDITS",
    "IDEMPOTENCY_KEY_REUSED",
    "OVERLOADED",
    "OUTCOME_UNKNOWN",
  ],
});

/** `POST /admin/users/{userId}/holds/{holdId}/release`: releases an open hold of any user, which any credential placed. */
export const releaseHold = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/holds/{holdId}/release" },
  summary: {
    zh: "释放任意用户未结的预扣：不扣费，全部退回",
    en: "Release an open hold of any user without a charge; all of its credits return.",
  },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    holdId: zHoldId,
    reason: zReason,
    note: zNote.optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    released: zCredits,
    expiredOnReturn: zExpiredOnReturn,
    balance: zCredits.meta({ description: "The available balance of the user after this operation." }),
    held: zHeld,
  }),
  refusals: ["SELF_ACTION_FORBIDDEN", ...holdRefusals],
});
