import { z } from "zod";
import { bilingual, type Wording } from "../language.ts";
import { amountWording, zAmount, zSingleLine } from "../primitives.ts";
import { zName } from "./action-price.ts";

const rule = (wording: Wording) => ({ error: bilingual(wording) });

const valueRule = rule({
  zh: '必须是文本，或数字；小数最好用文本，例如 "5.04"',
  en: 'must be text or a number; decimals are better sent as text, such as "5.04"',
});

/** Parameters of an action by their names: choices as text, quantities as numbers or as decimal text. */
export const zParams = z.record(zName, z.union([zSingleLine(100), z.number(valueRule)], valueRule)).meta({
  override: {
    type: "object",
    additionalProperties: { anyOf: [{ type: "string", maxLength: 100 }, { type: "number" }] },
  },
  description: "Parameters of the action in the catalogue: choices as text, quantities as numbers or decimal text.",
  examples: [{ resolution: "720p", seconds: "12" }],
});

const quoteRule = rule({
  zh: "必须是 POST /credits/quotes 返回的 quote，原样传回",
  en: "must be the unchanged quote of POST /credits/quotes",
});

/** A quote: a signed token. */
export const zQuote = z
  .string(quoteRule)
  .regex(/^[\w.-]{1,4096}$/, quoteRule)
  .meta({ maxLength: 4_096, description: "`quote` of POST /credits/quotes: charges its credits, until it expires." });

/** The three ways to say what a command charges. */
export const chargeInput = {
  amount: zAmount
    .optional()
    .meta({ description: "Whole credits. Send exactly one of `amount`, `params` and `quote`." }),
  params: zParams.optional().meta({
    description: "Charges the price of the action with these parameters, by the catalogue that is in force.",
  }),
  quote: zQuote.optional(),
};

const chargeFields = ["amount", "params", "quote"] as const;

const givenIn = (value: unknown): readonly string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? chargeFields.filter((field) => (value as Readonly<Record<string, unknown>>)[field] !== undefined)
    : ["amount"];

const missing = {
  zh: `${amountWording.zh}；也可以改用 params 或 quote`,
  en: `${amountWording.en}; params or quote can be sent instead`,
};
const several = {
  zh: "amount、params 和 quote 只能有一个",
  en: "only one of amount, params and quote can be sent",
};

/** Requires exactly one of the three. It is checked also when other fields are invalid, so that one answer names all of them. */
export const withOneCharge = <Input extends z.ZodObject>(input: Input): Input =>
  input
    .refine((value) => givenIn(value).length >= 1, { path: ["amount"], when: () => true, ...rule(missing) })
    .refine((value) => givenIn(value).length <= 1, { path: ["params"], when: () => true, ...rule(several) });

/** Refusals of the commands that can be priced. */
export const pricedRefusals = [
  "ACTION_NOT_PRICED",
  "PARAMS_NOT_PRICED",
  "NOTHING_TO_CHARGE",
  "QUOTE_EXPIRED",
  "AMOUNT_NOT_ACCEPTED",
] as const;
