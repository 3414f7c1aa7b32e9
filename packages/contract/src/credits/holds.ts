import { holdStates } from "@jifen/core";
import { z } from "zod";
import { chargeInput, pricedRefusals, withOneCharge, zParams } from "../billing/priced-input.ts";
import { anyUser, staff } from "../callers.ts";
import { zHoldId, zMetadata, zReason, zSentMetadata, zTime, zTransactionId, zTtlSeconds } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zAction, zAmount, zCredits, zCursor, zIdempotencyKey, zLimit, zOutputText, zPage } from "../primitives.ts";

/** What returns to a grant that has expired. */
export const zExpiredOnReturn = zCredits.meta({
  description:
    "Returned credits whose grant has expired in the meantime. They expire immediately and are not part of `balance`.",
});
/** What an account holds. */
export const zHeld = zCredits.meta({ description: "Held credits of the account, all holds together." });

const eitherRule = {
  error: bilingual({ zh: "amount 和 usage 只能有一个", en: "only one of amount and usage can be sent" }),
};

const stateRule = {
  error: bilingual({ zh: `必须是 ${holdStates.join("、")} 之一`, en: `must be one of ${holdStates.join(", ")}` }),
};

/** Refusals of the operations on an existing hold. */
export const holdRefusals = [
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
  input: withOneCharge(
    z.strictObject({
      ...chargeInput,
      action: zAction,
      ttlSeconds: zTtlSeconds.default(900),
      metadata: zSentMetadata.optional(),
      idempotencyKey: zIdempotencyKey.optional(),
    }),
  ),
  output: z.object({ holdId: zHoldId, amount: zCredits, expiresAt: zTime, balance: zCredits, held: zHeld }),
  refusals: [...pricedRefusals, "INSUFFICIENT_CREDITS", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
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

/** Which holds to list. */
export const holdFilters = {
  state: z.enum(holdStates, stateRule).optional(),
  limit: zLimit(100, 20),
  cursor: zCursor.optional(),
};

/** `GET /credits/holds`: the holds of an account, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/holds" },
  summary: { zh: "预扣列表，最新的在前", en: "List the holds of an account, newest first." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject(holdFilters),
  output: zPage(zHold),
  refusals: [],
});

const MAX_AGE_SECONDS = 31_536_000;
const ageRule = {
  error: bilingual({
    zh: `必须是 0 到 ${MAX_AGE_SECONDS} 之间的整数（秒）`,
    en: `must be a whole number from 0 to ${MAX_AGE_SECONDS} (seconds)`,
  }),
};
const zAgeText = z
  .string()
  .regex(/^\d{1,8}$/)
  .transform(Number);
/** An age in a query, whose parameters are text. */
const zAgeSeconds = z
  .union([z.int(), zAgeText], ageRule)
  .pipe(z.int(ageRule).min(0, ageRule).max(MAX_AGE_SECONDS, ageRule))
  .default(0)
  .meta({
    description: "Only holds that were placed longer ago.",
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema["anyOf"];
      Object.assign(jsonSchema, { type: "integer", format: "int32", minimum: 0, maximum: MAX_AGE_SECONDS, default: 0 });
    },
  });

/** `GET /admin/holds`: open holds of all users, oldest first. */
export const listOpen = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/holds" },
  summary: { zh: "所有用户未结的预扣，最早的在前", en: "List the open holds of all users, oldest first." },
  caller: staff("accounts:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({
    olderThanSeconds: zAgeSeconds,
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(
    z
      .object({
        ...zHold.shape,
        userId: zOutputText(320),
        placedBy: zOutputText(300).meta({
          description: "`user:<id>` in person, or `service:<id>` by a key of this owner; without an id in old rows.",
        }),
      })
      .meta({ id: "OpenHold" }),
  ),
  refusals: [],
});

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
    en: "Charge a hold: all of it, `amount`, or the price of `usage`; the rest is released.",
  },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: z
    .strictObject({
      holdId: zHoldId,
      amount: zAmount.optional(),
      usage: zParams.optional().meta({
        description:
          "What was really used, of the parameters that settle. Charges its price by the catalogue version of the hold, at most what is held. A quantity outside its range counts as the nearest end of the range.",
      }),
      metadata: zSentMetadata.optional().meta({
        description: "What the charge was for, such as what was used; that of the hold if left out.",
      }),
      idempotencyKey: zIdempotencyKey.optional(),
    })
    .refine(({ amount, usage }) => amount === undefined || usage === undefined, { path: ["usage"], ...eitherRule }),
  output: z.object({
    transactionId: zTransactionId,
    captured: zCredits,
    released: zCredits,
    price: zCredits.optional().meta({ description: "The price of `usage`." }),
    uncharged: zCredits.optional().meta({ description: "What the price of `usage` is above the held amount." }),
    expiredOnReturn: zExpiredOnReturn,
    balance: zCredits,
    held: zHeld,
  }),
  refusals: ["NOT_PRICED", "PARAMS_NOT_PRICED", "AMOUNT_NOT_ACCEPTED", "CAPTURE_EXCEEDS_HOLD", ...holdRefusals],
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
