import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zAction, zCredits } from "../primitives.ts";
import { zPriceLines } from "./price-shape.ts";
import { zParams, zQuote } from "./priced-input.ts";

const zVersion = z.int().min(1).meta({ description: "The version of the catalogue that the price is of." });

/** `POST /credits/quotes`: the price of an action, fixed for some minutes. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/quotes" },
  summary: {
    zh: "报价：按目录计算一次操作的价格，在有效期内以此价格消费或预扣",
    en: "Quote the price of an action. Consume and hold charge it while the quote is valid; it can be used any number of times.",
  },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ action: zAction, params: zParams.default({}) }),
  output: z.object({
    credits: zCredits,
    lines: zPriceLines,
    catalogueVersion: zVersion,
    quote: zQuote,
    expiresAt: zTime,
  }),
  refusals: ["ACTION_NOT_PRICED", "PARAMS_NOT_PRICED"],
});
