import { MAX_AMOUNT } from "@jifen/core";
import { z } from "zod";
import { bilingual, type Wording } from "../language.ts";
import { zAction, zTimestamp } from "../primitives.ts";
import { zActionPrice, zName } from "./action-price.ts";

const rule = (wording: Wording) => ({ error: bilingual(wording) });

const ppmRule = rule({
  zh: "必须是 1 到 100000000 之间的整数（百万分之一，1000000 为原价）",
  en: "must be a whole number from 1 to 100000000 (millionths: 1000000 changes nothing)",
});

const toMs = (text: string): number => Date.parse(text);

const zMultiplier = z
  .strictObject({
    action: zAction.optional(),
    group: zName.optional(),
    ppm: z.int(ppmRule).min(1, ppmRule).max(100_000_000, ppmRule),
    from: zTimestamp.optional(),
    to: zTimestamp.optional(),
  })
  .transform(({ from, to, ...multiplier }) => ({
    ...multiplier,
    ...(from !== undefined && { fromMs: toMs(from) }),
    ...(to !== undefined && { toMs: toMs(to) }),
  }));

const titleRule = rule({ zh: "必须是 1 到 40 个字符的文本", en: "must be text of 1 to 40 characters" });
const zTitle = z.string(titleRule).min(1, titleRule).max(40, titleRule);

const currencyRule = rule({
  zh: "必须是 ISO 4217 货币代码，例如 CNY 或 USD",
  en: "must be an ISO 4217 code, such as CNY or USD",
});

const priceRule = rule({
  zh: "必须是从 1 开始的整数（货币的最小单位，例如分）",
  en: "must be a whole number from 1 (minor units, such as cents)",
});

const creditsRule = rule({
  zh: `必须是 0 到 ${MAX_AMOUNT} 之间的整数`,
  en: `must be a whole number from 0 to ${MAX_AMOUNT}`,
});

const daysRule = rule({
  zh: "必须是 1 到 36500 之间的整数（天），或 null（永久有效）",
  en: "must be a whole number from 1 to 36500 (days), or null for credits that never expire",
});
const zDays = z.int(daysRule).min(1, daysRule).max(36_500, daysRule).nullable();

const priorityRule = rule({ zh: "必须是 0 到 100 之间的整数", en: "must be a whole number from 0 to 100" });
/** Each purchase of a limited pack takes one of so many places, which are looked through when it is ordered. */
const MAX_PER_USER = 100;
const limitRule = rule({
  zh: `必须是 1 到 ${MAX_PER_USER} 之间的整数；不限购请省略`,
  en: `must be a whole number from 1 to ${MAX_PER_USER}; leave it out for no limit`,
});

const zPack = z.strictObject({
  id: zName,
  title: z.strictObject({ zh: zTitle, en: zTitle }),
  credits: z.int(creditsRule).min(1, creditsRule).max(MAX_AMOUNT, creditsRule),
  bonusCredits: z.int(creditsRule).min(0, creditsRule).max(MAX_AMOUNT, creditsRule).default(0),
  prices: z
    .array(
      z.strictObject({
        currency: z.string(currencyRule).regex(/^[A-Z]{3}$/, currencyRule),
        minor: z.int(priceRule).min(1, priceRule).max(MAX_AMOUNT, priceRule),
      }),
    )
    .min(1)
    .max(50),
  validDays: zDays.default(null),
  bonusValidDays: zDays.default(null),
  priority: z.int(priorityRule).min(0, priorityRule).max(100, priorityRule).default(50),
  refund: z.enum(["unused", "never"]).default("unused"),
  groups: z.array(zName).min(1).max(20).optional(),
  limitPerUser: z.int(limitRule).min(1, limitRule).max(MAX_PER_USER, limitRule).optional(),
});

/**
 * A catalogue: what is sold and what it costs. This is its shape; `checkCatalogue` of @jifen/billing says what else would keep
 * it from being published. Multipliers get their times in epoch milliseconds.
 */
export const zCatalogue = z.strictObject({
  actions: z.array(zActionPrice).max(500).default([]),
  multipliers: z.array(zMultiplier).max(200).default([]),
  packs: z.array(zPack).max(100).default([]),
});
