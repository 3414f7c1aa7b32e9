import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zJsonObject } from "../json-object.ts";
import { operation } from "../operation.ts";
import { zAction, zBoolean, zIdempotencyKey, zOutputText, zTimestamp, zUserId } from "../primitives.ts";

/** `POST /logs/create`: records one call, successful or not. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/logs/create" },
  summary: { zh: "创建日志", en: "Record one call in the log." },
  caller: anyUser("logs:write"),
  idempotent: true,
  input: z.strictObject({
    userId: zUserId,
    action: zAction,
    details: zJsonObject(65_536),
    success: zBoolean,
    timestamp: zTimestamp,
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({ logId: zOutputText(100).meta({ description: "`log-` and a time-ordered id." }) }),
  refusals: ["IDEMPOTENCY_KEY_REUSED", "OUTCOME_UNKNOWN"],
});
