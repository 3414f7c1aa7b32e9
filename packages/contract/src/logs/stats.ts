import { MAX_BALANCE } from "@jifen/core";
import { z } from "zod";
import { anyUser, staff } from "../callers.ts";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zAction, zCredits, zOutputText, zTimeZone, zUserId } from "../primitives.ts";

const rule = (wording: { zh: string; en: string }) => ({ error: bilingual(wording) });

const boundRule = rule({
  zh: "必须是日期（如 2026-11-01），或整刻钟且带时区偏移的 ISO 8601 时间",
  en: "must be a date such as 2026-11-01, or an ISO 8601 time with an offset at a quarter of an hour",
});

/** An end of a range for sums. */
export const zBound = z.string(boundRule).min(10, boundRule).max(64, boundRule);

const groupRule = rule({ zh: "必须是 hour、day 或 month", en: "must be hour, day or month" });
const byRule = rule({ zh: "必须是 action", en: "must be action" });

const statsInput = {
  from: zBound.meta({
    description: "A date, which begins in the time zone, or a time at a quarter of an hour.",
    examples: ["2026-11-01"],
  }),
  to: zBound.meta({ description: "The end, which is not included.", examples: ["2026-12-01"] }),
  groupBy: z
    .enum(["hour", "day", "month"], groupRule)
    .default("day")
    .meta({ description: "Hours of at most 31 days, days of at most 400, or months of at most 120." }),
  tz: zTimeZone.optional().meta({
    description: "The time zone of dates, hours, days and months; that of TIME_ZONE if left out.",
  }),
  action: zAction.optional(),
  by: z.enum(["action"], byRule).optional().meta({ description: "`action`: sums of each action." }),
};

const adminByRule = rule({ zh: "必须是 action 或 user", en: "must be action or user" });
const topRule = rule({ zh: "必须是 calls 或 credits", en: "must be calls or credits" });

const adminStatsInput = {
  userId: zUserId.optional(),
  ...statsInput,
  by: z.enum(["action", "user"], adminByRule).optional().meta({
    description:
      "`action`: sums of each action. `user`: of the 100 users with most calls or credits, over the whole range.",
  }),
  top: z
    .enum(["calls", "credits"], topRule)
    .optional()
    .meta({ description: "With `by=user`: what the users are ordered by; `calls` if left out." }),
};

const zCalls = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const counts = {
  calls: zCalls,
  failures: zCalls,
  durationAvgMs: z.int().min(0).max(86_400_000).nullable().meta({ description: "Of the calls that have a duration." }),
  durationP95Ms: z
    .int()
    .min(0)
    .max(86_400_000)
    .nullable()
    .meta({ description: "95 % of these calls were faster, to within a few percent." }),
  charges: zCalls,
  charged: zCredits,
  refunded: zCredits,
  credits: z.int().min(-MAX_BALANCE).max(MAX_BALANCE).meta({
    description: "What was charged without what was refunded in the same time, both from the ledger.",
  }),
};

const span = {
  from: zTime,
  to: zTime,
  action: zOutputText(400).nullable().meta({ description: "Null without `by=action`." }),
};
const spansMeta = { maxItems: 10_000, description: "In order; spans without calls are there with zeros." };
const sums = {
  totals: z.object(counts),
  asOf: zTime.meta({
    description:
      "Credits of charges and refunds before this time are counted, and many of later ones. It is at least 30 seconds before the read: an entry has the time of its decision, and is stored shortly after it.",
  }),
};

const statsOutput = z.object({ spans: z.array(z.object({ ...span, ...counts })).meta(spansMeta), ...sums });

const zUserOfSpan = zOutputText(254).nullable().meta({ description: "Null without `by=user`." });

const adminStatsOutput = z.object({
  spans: z.array(z.object({ ...span, userId: zUserOfSpan, ...counts })).meta(spansMeta),
  ...sums,
});

/** `GET /logs/stats`: calls and credits of the caller by hour, day or month. */
export const stats = operation({
  kind: "query",
  rest: { method: "GET", path: "/logs/stats" },
  summary: { zh: "按小时、天或月统计调用和积分", en: "Sum calls and credits by hour, day or month." },
  caller: anyUser("logs:read"),
  idempotent: false,
  input: z.strictObject(statsInput),
  output: statsOutput,
  refusals: [],
});

/** `GET /admin/logs/stats`: the same of a user or of all users. */
export const adminStats = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/logs/stats" },
  summary: {
    zh: "按小时、天或月统计任意用户或全部用户的调用和积分",
    en: "Sum calls and credits of a user or of all users by hour, day or month.",
  },
  caller: staff("logs:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject(adminStatsInput),
  output: adminStatsOutput,
  refusals: ["USER_NOT_FOUND"],
});
