import { holdStates } from "@jifen/core";
import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zHoldId, zMetadata, zReason, zTime, zTransactionId, zTtlSeconds } from "../ids.ts";
import { zJsonObject } from "../json-object.ts";
import { operation } from "../operation.ts";
import { zAction, zAmount, zCredits, zIdempotencyKey, zOutputText } from "../primitives.ts";

const zExpiredOnReturn = zCredits.meta({
  description:
    "Returned credits whose grant has expired in the meantime. They expire immediately and are not part of `balance`.",
});
const zHeld = zCredits.meta({ description: "Held credits of the account, all holds together." });

/** Refusals of the operations on an existing hold. */
const holdRefusals = [
  "HOLD_NOT_FOUND",
  "HOLD_ALREADY_RESOLVED",
  "IDEMPOTENCY_KEY_REUSED",
  "OVERLOADED",
  "OUTCOME_UNKNOWN",
] as const;

/** `POST /credits/holds`: reserves credits for a job, once per idempotency key. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/holds" },
  summary: {
    zh: "预扣积分：为一个任务预留，完成后确认扣费或释放；到期自动释放",
    en: "Reserve credits for a job. Capture or release the hold when the job ends; otherwise it expires and the credits return.",
  },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: z.strictObject({
    amount: zAmount,
    action: zAction,
    ttlSeconds: zTtlSeconds.default(900),
    metadata: zJsonObject(4_096).optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({ holdId: zHoldId, amount: zCredits, expiresAt: zTime, balance: zCredits, held: zHeld }),
  refusals: ["INSUFFICIENT_CREDITS", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** A hold in a response. Once it is resolved, `captured + released + expired = amount`. */
export const zHold = z
  .object({
    holdId: zHoldId,
    state: z.enum(holdStates).meta({ description: "`pending` until the hold is resolved; then it never changes." }),
    action: zOutputText(400),
    metadata: zMetadata,
    amount: zCredits,
    captured: zCredits,
    released: zCredits,
    expired: zCredits,
    expiresAt: zTime,
    createdAt: zTime,
    resolvedAt: zTime.nullable(),
  })
  .meta({ id: "Hold" });

/** `GET /credits/holds/{holdId}`: one hold with its state. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/holds/{holdId}" },
  summary: { zh: "查询一笔预扣", en: "Read a hold." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ holdId: zHoldId }),
  output: zHold,
  refusals: ["HOLD_NOT_FOUND"],
});

/** `POST /credits/holds/{holdId}/capture`: charges all or part of a hold and releases the rest. */
export const capture = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/holds/{holdId}/capture" },
  summary: {
    zh: "确认扣费：按实际用量扣除预扣积分，其余退回",
    en: "Charge a hold, all of it or `amount`; the rest is released.",
  },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: z.strictObject({
    holdId: zHoldId,
    amount: zAmount.optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    captured: zCredits,
    released: zCredits,
    expiredOnReturn: zExpiredOnReturn,
    balance: zCredits,
    held: zHeld,
  }),
  refusals: ["CAPTURE_EXCEEDS_HOLD", ...holdRefusals],
});

/** `POST /credits/holds/{holdId}/release`: releases a hold without a charge. */
export const release = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/holds/{holdId}/release" },
  summary: { zh: "释放预扣：不扣费，全部退回", en: "Release a hold without a charge; all of its credits return." },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: z.strictObject({
    holdId: zHoldId,
    reason: zReason.optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    transactionId: zTransactionId,
    released: zCredits,
    expiredOnReturn: zExpiredOnReturn,
    balance: zCredits,
    held: zHeld,
  }),
  refusals: holdRefusals,
});

/** `POST /credits/holds/{holdId}/extend`: postpones the expiry of a hold, never shortens it. */
export const extend = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/holds/{holdId}/extend" },
  summary: {
    zh: "延长预扣：从现在起再保留 ttlSeconds 秒，不会缩短",
    en: "Extend a hold to ttlSeconds from now; a later expiry is kept.",
  },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: z.strictObject({
    holdId: zHoldId,
    ttlSeconds: zTtlSeconds,
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({ holdId: zHoldId, expiresAt: zTime, balance: zCredits, held: zHeld }),
  refusals: holdRefusals,
});
