import { z } from "zod";
import { bilingual, type Wording } from "../language.ts";
import { zAction, zBoolean, zSingleLine } from "../primitives.ts";

const rule = (wording: Wording) => ({ error: bilingual(wording) });

const decimalRule = rule({
  zh: '必须是文本形式的小数，例如 "5.04"（小数点前最多 12 位，后最多 6 位）',
  en: 'must be a decimal as text, such as "5.04", with at most 12 digits before and 6 after the point',
});

/** A decimal as text: JSON numbers are doubles in most programs. */
const zDecimal = z.string(decimalRule).regex(/^\d{1,12}(\.\d{1,6})?$/, decimalRule);

const nameRule = rule({
  zh: "必须是 1 到 40 个字母、数字、下划线或连字符",
  en: "must be 1 to 40 letters, digits, underscores or hyphens",
});

/** The name of a parameter or of a price group. */
export const zName = z
  .string(nameRule)
  .regex(/^(?!__proto__$)[\w-]{1,40}$/, nameRule)
  .meta({ maxLength: 40 });

const microRule = rule({
  zh: "必须是从 0 开始的整数（百万分之一积分）",
  en: "must be a whole number from 0 (millionths of a credit)",
});

/** Millionths of a credit. */
const zMicro = z.int(microRule).min(0, microRule);

const minimumRule = rule({ zh: "必须是从 1 开始的整数（积分）", en: "must be a whole number from 1 (credits)" });

const zParam = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("choice"),
    values: z.array(zSingleLine(100)).min(1).max(100),
    default: zSingleLine(100).optional(),
    settles: zBoolean.optional(),
  }),
  z.strictObject({
    kind: z.literal("quantity"),
    min: zDecimal.optional(),
    max: zDecimal,
    step: zDecimal.optional(),
    default: zDecimal.optional(),
    settles: zBoolean.optional(),
  }),
]);

const zCondition = z.union([
  z.array(zSingleLine(100)).min(1).max(100),
  z.strictObject({ atLeast: zDecimal.optional(), below: zDecimal.optional() }),
]);

const zTier = z.strictObject({ upTo: zDecimal.optional(), micro: zMicro });

const zUnitPrice = z.union([
  z.strictObject({ unit: zName, micro: zMicro }),
  z.strictObject({
    unit: zName,
    mode: z.enum(["graduated", "volume"]),
    tiers: z.array(zTier).min(1).max(20),
  }),
]);

const zPriceRow = z.strictObject({
  when: z.record(zName, zCondition).optional(),
  base: zMicro.optional(),
  per: z.array(zUnitPrice).min(1).max(10).optional(),
  minimum: z.int(minimumRule).min(1, minimumRule).optional(),
  free: z.literal(true).optional(),
});

/** The price of an action in a catalogue. */
export const zActionPrice = z.strictObject({
  action: zAction,
  params: z.record(zName, zParam).default({}),
  rows: z.array(zPriceRow).min(1).max(200),
  closed: z.array(z.record(zName, z.array(zSingleLine(100)).min(1))).default([]),
});
