import { z } from "zod";
import { anyUser } from "../callers.ts";
import { operation } from "../operation.ts";
import { rangeInput, seriesOutput, zChoice, zTop } from "./stats-fields.ts";

/** `GET /credits/usage`: what the caller spent by day or month. */
export const usage = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/usage" },
  summary: { zh: "按天或月统计自己消费的积分", en: "Sum the credits that the caller spent by day or month." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({
    ...rangeInput,
    measure: zChoice("spent", "refunded").default("spent").meta({ description: "`spent`: before refunds." }),
    by: zChoice("day", "month").default("day").meta({ description: "Days of at most 92, or months of at most 24." }),
    group: zChoice("none", "action").default("none"),
    top: zTop,
  }),
  output: z.object(seriesOutput),
  refusals: [],
});
