import { grantSources } from "@jifen/core";
import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zGrantId, zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zCredits, zCursor, zLimit, zPage } from "../primitives.ts";

/** A grant in a list. */
export const zGrant = z
  .object({
    grantId: zGrantId,
    source: z.enum(grantSources),
    amount: zCredits,
    remaining: zCredits.meta({
      description: "Credits of the grant that can still be spent, without held credits.",
    }),
    priority: z.int().min(0).max(100).meta({ description: "Grants with a lower value are spent first." }),
    expiresAt: zTime.nullable(),
    expired: z.boolean(),
    createdAt: zTime,
  })
  .meta({ id: "Grant" });

/** `GET /credits/grants`: the grants of an account, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/grants" },
  summary: {
    zh: "积分批次：来源、剩余和到期时间，最新的在前",
    en: "List grants with their source, remaining credits and expiry, newest first.",
  },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ limit: zLimit(100, 20), cursor: zCursor.optional() }),
  output: zPage(zGrant),
  refusals: [],
});
