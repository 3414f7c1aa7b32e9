import { z } from "zod";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { rangeInput, readStats, zCompleteUntil, zGranted, zTotal } from "./stats-fields.ts";

const period = {
  from: zTime,
  to: zTime,
  spent: zTotal.meta({ description: "Credits charged, before refunds." }),
  refunded: zTotal,
  granted: zGranted,
  revoked: zTotal,
  expired: zTotal,
  calls: zTotal,
  failures: zTotal,
  activeAccounts: zTotal.meta({ description: "Accounts that were charged." }),
  newUsers: zTotal.meta({ description: "Users who were created, those deleted since included." }),
};

/** `GET /admin/stats/overview`: what happened in a time, in the time before it, and what all accounts have now. */
export const overview = operation({
  ...readStats,
  rest: { method: "GET", path: "/admin/stats/overview" },
  summary: {
    zh: "总览：一段时间及其前一段的积分、调用和用户，以及当前余额",
    en: "Sum credits, calls and users of a time and of the time before it, and what all accounts have now.",
  },
  input: z.strictObject(rangeInput),
  output: z.object({
    ...period,
    previous: z.object(period).meta({
      description: "The time before, as long: as many days if `from` and `to` are dates.",
    }),
    now: z.object({
      outstanding: zTotal.meta({
        description: "Credits that can be spent, of all accounts. Expirations that are not processed yet are in it.",
      }),
      held: zTotal.meta({ description: "Credits in holds." }),
      openHolds: z.int().min(0).max(10_000).meta({ description: "Pending holds; 10,000 stands for more." }),
    }),
    completeUntil: zCompleteUntil,
  }),
  refusals: [],
});
