import { grantSources } from "@jifen/core";
import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zGrantId, zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zCredits, zCursor, zLimit, zPage } from "../primitives.ts";

/** `GET /credits/grants`: where an account's credits come from and when they end, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/grants" },
  summary: {
    zh: "积分批次：来源、剩余和到期时间，最新的在前",
    en: "List the grants: where credits came from, what is left of them and when they expire, newest first.",
  },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ limit: zLimit(100, 20), cursor: zCursor.optional() }),
  output: zPage(
    z
      .object({
        grantId: zGrantId,
        source: z.enum(grantSources),
        amount: zCredits,
        remaining: zCredits.meta({ description: "What can still be spent of it; what is set aside is not in it." }),
        priority: z.int().min(0).max(100).meta({ description: "Lower is spent first." }),
        expiresAt: zTime.nullable(),
        expired: z.boolean(),
        createdAt: zTime,
      })
      .meta({ id: "Grant" }),
  ),
  refusals: [],
});
