import { grantSources } from "@jifen/core";
import { z } from "zod";
import { anyUser, staff } from "../callers.ts";
import { zGrantId, zReason, zTime, zTransactionId } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import {
  zAmount,
  zCredits,
  zCursor,
  zLimit,
  zOutputText,
  zPage,
  zPathId,
  zSingleLine,
  zTimestamp,
} from "../primitives.ts";
import { zName } from "./action-price.ts";

const rule = (zh: string, en: string) => ({ error: bilingual({ zh, en }) });

/** A whole number of an input, from 1. */
function zCount(max: number) {
  const countRule = rule(`必须是 1 到 ${max} 之间的整数`, `must be a whole number from 1 to ${max}`);
  return z.int(countRule).min(1, countRule).max(max, countRule);
}

/** Codes of one batch: they are written in one transaction. */
const MAX_CODES = 5_000;
const MAX_USES = 1_000_000;
const MAX_PER_USER = 1_000;
const MAX_DAYS = 36_500;

const sourceRule = rule(`必须是 ${grantSources.join("、")} 之一`, `must be one of ${grantSources.join(", ")}`);
const priorityRule = rule("必须是 0 到 100 之间的整数", "must be a whole number from 0 to 100");

const zBatchId = zPathId("batch-01a204b4-52c2-765e-9ff6-3a127379f980").meta({
  id: "CodeBatchId",
  description: "`batch-` and a time-ordered id.",
});

const zBatch = z
  .object({
    batchId: zBatchId,
    name: zOutputText(100),
    credits: zCredits.meta({ description: "Whole credits that a claim grants." }),
    validDays: z
      .int()
      .min(1)
      .max(MAX_DAYS)
      .nullable()
      .meta({ description: "Days from a claim to the expiry of its credits; null: they never expire." }),
    priority: z.int().min(0).max(100),
    source: z.enum(grantSources),
    codes: z.int().min(1).max(MAX_CODES).meta({ description: "How many codes the batch has." }),
    maxUsesPerCode: z.int().min(1).max(MAX_USES),
    maxPerUser: z.int().min(1).max(MAX_PER_USER),
    from: zTime.nullable(),
    until: zTime.nullable(),
    madeBy: zOutputText(330),
    madeAt: zTime,
    endedAt: zTime.nullable(),
    priceGroup: zOutputText(40).nullable().meta({ description: "The price group whose users can redeem; null: all." }),
    claims: z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({ description: "How often its codes were redeemed." }),
  })
  .meta({ id: "CodeBatch" });

/** `POST /codes/redeem`: credits for a code, once for each user. A repeated request gets the same answer. */
export const redeem = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/codes/redeem" },
  summary: { zh: "兑换积分码", en: "Redeem a code for credits." },
  caller: anyUser("credits:spend"),
  idempotent: false,
  input: z.strictObject({
    code: zSingleLine(100).meta({
      description: "As a person types it: upper or lower case, with or without hyphens and spaces.",
      examples: ["K7WQ2-9XH4M-0BTRC-5E8NZ"],
    }),
  }),
  output: z.object({
    credits: zCredits.meta({ description: "What the code granted." }),
    expiresAt: zTime.nullable().meta({ description: "When these credits expire; null: never." }),
    balance: zCredits.meta({ description: "The available balance of the user after this grant." }),
    transactionId: zTransactionId,
    grantId: zGrantId,
  }),
  refusals: ["CODE_NOT_VALID", "CODE_LIMIT", "SELF_ACTION_FORBIDDEN", "BALANCE_LIMIT", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/codes/batches`: makes codes. They are returned only once; the server stores their hashes. */
export const make = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/codes/batches" },
  summary: { zh: "生成一批积分码", en: "Make a batch of redemption codes." },
  caller: staff("admin", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({
    name: zSingleLine(100).meta({ description: "Shown in the transactions of users.", examples: ["Spring 2027"] }),
    credits: zAmount,
    codes: zCount(MAX_CODES).meta({ description: "How many codes to make." }),
    validDays: zCount(MAX_DAYS)
      .optional()
      .meta({ description: "Days from a claim to the expiry of its credits. Left out: they never expire." }),
    priority: z.int(priorityRule).min(0, priorityRule).max(100, priorityRule).default(50).meta({
      description: "Grants with a lower value are spent first; among equal values the one that expires first.",
    }),
    source: z.enum(grantSources, sourceRule).default("code"),
    maxUsesPerCode: zCount(MAX_USES).default(1).meta({ description: "How many users can redeem one code." }),
    maxPerUser: zCount(MAX_PER_USER)
      .default(1)
      .meta({ description: "How many codes of the batch one user can redeem." }),
    from: zTimestamp.optional().meta({ description: "The codes are valid from this time on." }),
    until: zTimestamp.optional().meta({ description: "The codes are valid before this time." }),
    priceGroup: zName.optional().meta({
      description:
        "Only users of this price group can redeem; for others the codes are not valid. Left out: every user.",
      examples: ["vip"],
    }),
    reason: zReason,
  }),
  output: z.object({
    batch: zBatch,
    codes: z.array(zOutputText(23)).meta({
      maxItems: MAX_CODES,
      description: "The codes. Store them now: they cannot be read again.",
      examples: [["K7WQ2-9XH4M-0BTRC-5E8NZ"]],
    }),
  }),
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `GET /admin/codes/batches`: batches of codes, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/codes/batches" },
  summary: { zh: "查询积分码批次", en: "List batches of redemption codes, newest first." },
  caller: staff("admin", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ limit: zLimit(100, 20), cursor: zCursor.optional() }),
  output: zPage(zBatch),
  refusals: [],
});

/** `POST /admin/codes/batches/{batchId}/end`: makes all codes of a batch invalid. Credits that were granted stay. */
export const end = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/codes/batches/{batchId}/end" },
  summary: { zh: "作废一批积分码", en: "End a batch of redemption codes." },
  caller: staff("admin", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ batchId: zBatchId, reason: zReason }),
  output: z.object({ batch: zBatch }),
  refusals: ["CODE_BATCH_NOT_FOUND", "CODE_BATCH_ENDED", "OUTCOME_UNKNOWN"],
});
