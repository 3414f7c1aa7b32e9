import { z } from "zod";
import { operation } from "../operation.ts";
import { zLimit, zOutputText } from "../primitives.ts";
import { rangeInput, readStats, zChoice, zCompleteUntil, zTotal } from "./stats-fields.ts";

/** `GET /admin/stats/top`: the users or actions with most of a number. */
export const top = operation({
  ...readStats,
  rest: { method: "GET", path: "/admin/stats/top" },
  summary: { zh: "用量最大的用户或操作", en: "List the users or actions with most credits, calls or failures." },
  input: z.strictObject({
    ...rangeInput,
    of: zChoice("user", "action"),
    measure: zChoice("spent", "calls", "failures").default("spent"),
    limit: zLimit(50, 10),
  }),
  output: z.object({
    items: z
      .array(
        z.object({
          id: zOutputText(400).meta({ description: "The id of the user, or the action." }),
          spent: zTotal.meta({ description: "Credits charged, before refunds." }),
          refunded: zTotal,
          calls: zTotal,
          failures: zTotal,
        }),
      )
      .meta({ maxItems: 50, description: "The largest first. Users and actions that have none are left out." }),
    completeUntil: zCompleteUntil,
  }),
  refusals: [],
});
