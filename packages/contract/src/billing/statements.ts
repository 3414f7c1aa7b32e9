import { grantSources } from "@jifen/core";
import { z } from "zod";
import { anyUser, staff } from "../callers.ts";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCredits, zOutputText, zTimeZone, zUserId } from "../primitives.ts";

const rule = (wording: { zh: string; en: string }) => ({ error: bilingual(wording) });

const monthRule = rule({
  zh: "必须是 2000-01 及以后的月份，例如 2026-11",
  en: "must be a month from 2000-01 on, such as 2026-11",
});
const formatRule = rule({ zh: "必须是 json、csv 或 html", en: "must be json, csv or html" });

const statementInput = {
  month: z
    .string(monthRule)
    .regex(/^[2-9]\d{3}-(0[1-9]|1[0-2])$/, monthRule)
    .meta({ maxLength: 7, description: "A month of the calendar in the time zone.", examples: ["2026-11"] }),
  tz: zTimeZone.optional().meta({
    description: "The time zone in which the month begins and ends; that of TIME_ZONE if left out.",
  }),
  format: z.enum(["json", "csv", "html"], formatRule).default("json").meta({
    description: "The form of the response in REST. The language of csv and html is that of Accept-Language.",
  }),
};

/** Whole credits of a month, which can be more than an account can have at a time. */
const zSum = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const zCount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const zPosition = z.object({
  balance: zCredits.meta({ description: "Credits that can be spent." }),
  held: zCredits.meta({ description: "Credits in pending holds." }),
  total: zCredits.meta({ description: "Both together." }),
});

const zAction = zOutputText(400)
  .nullable()
  .meta({ description: "Null: the actions beyond the first 200 of the month, together." });

const zStatement = z
  .object({
    userId: zOutputText(320),
    month: zOutputText(7),
    tz: zOutputText(64),
    from: zTime.meta({ description: "The first moment of the month." }),
    to: zTime.meta({ description: "The first moment after the month." }),
    opening: zPosition.meta({ description: "What the user had before the month." }),
    grants: z.object({
      total: zSum,
      bySource: z
        .array(z.object({ source: z.enum(grantSources), grants: zCount, amount: zSum }))
        .meta({ maxItems: grantSources.length }),
    }),
    revoked: zSum,
    spent: z.object({
      total: zSum.meta({ description: "Consumed and captured. Credits in pending holds are not spent." }),
      charges: zCount,
      byAction: z
        .array(z.object({ action: zAction, charges: zCount, amount: zSum }))
        .meta({ maxItems: 201, description: "The largest amount first." }),
    }),
    refunded: z.object({
      total: zSum,
      refunds: zCount,
      byAction: z
        .array(z.object({ action: zAction, refunds: zCount, amount: zSum }))
        .meta({ maxItems: 201, description: "By the action of the charge. The largest amount first." }),
    }),
    expired: zSum.meta({ description: "Grants that expired. They count when their expiration is booked." }),
    closing: zPosition.meta({
      description: "opening + grants − revoked − spent + refunded − expired, the opening of the next month.",
    }),
    final: z.boolean().meta({ description: "Whether the month is over and its statement cannot change." }),
    asOf: zTime.meta({ description: "The end of the month if final, else when the statement was made." }),
  })
  .meta({ id: "Statement" });

const formats = { csv: "text/csv; charset=utf-8", html: "text/html; charset=utf-8" } as const;

/** `GET /billing/statements/{month}`: the credits of the caller in a month. Refuses a month that has not begun: VALIDATION_FAILED. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/billing/statements/{month}", formats },
  summary: { zh: "月度对账单", en: "Read the statement of a month." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject(statementInput),
  output: zStatement,
  refusals: [],
});

/** `GET /admin/users/{userId}/statements/{month}`: the same of any user. */
export const adminFind = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/users/{userId}/statements/{month}", formats },
  summary: { zh: "任意用户的月度对账单", en: "Read the statement of a month of any user." },
  caller: staff("credits:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ userId: zUserId, ...statementInput }),
  output: zStatement,
  refusals: ["USER_NOT_FOUND"],
});
