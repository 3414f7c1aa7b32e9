import { MAX_BALANCE } from "@jifen/core";
import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCredits } from "../primitives.ts";

const thresholdRule = {
  error: bilingual({
    zh: `必须是 0 到 ${MAX_BALANCE} 之间的整数`,
    en: `must be a whole number from 0 to ${MAX_BALANCE}`,
  }),
};

const zAlert = z
  .object({
    threshold: zCredits.nullable().meta({
      description: "The user's own threshold: 0 is never, null is that of the installation.",
    }),
    installationThreshold: zCredits.nullable().meta({ description: "For users without their own; null: none." }),
    lowSince: zTime.nullable().meta({ description: "Since when the balance is low; null when it is not." }),
  })
  .meta({ id: "BalanceAlert" });

/** `GET /top-up/alerts`: below which balance of the caller an event is sent. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/top-up/alerts" },
  summary: { zh: "查询余额不足提醒的阈值", en: "Read below which balance the event `balance.low` is sent." },
  caller: anyUser("orders:read"),
  idempotent: false,
  input: z.void(),
  output: zAlert,
  refusals: [],
});

/** `POST /top-up/alerts`: sets the threshold of the caller. */
export const set = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/top-up/alerts" },
  summary: {
    zh: "设置余额不足提醒的阈值：0 为不提醒，不填则使用站点的阈值",
    en: "Set below which balance the event `balance.low` is sent: 0 for never, nothing for that of the installation.",
  },
  caller: anyUser("orders:write"),
  idempotent: false,
  input: z.strictObject({
    threshold: z
      .int(thresholdRule)
      .min(0, thresholdRule)
      .max(MAX_BALANCE, thresholdRule)
      .optional()
      .meta({
        description:
          "Whole credits of the available balance; left out, that of the installation. The event is sent once, when credits are spent, and again only after the balance was a fifth above the threshold.",
        examples: [20],
      }),
  }),
  output: zAlert,
  refusals: ["OUTCOME_UNKNOWN"],
});
