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
  output: z.object({
    logId: zOutputText(100).meta({
      description:
        "`log-` and a UUID of version 7. Its time is `timestamp`, or the arrival when `timestamp` is more than 31 days before it or 5 minutes after it.",
    }),
    redacted: z.int().min(0).max(65_536).meta({
      description: "How many places of `details` were redacted before the log was stored.",
    }),
  }),
  refusals: ["IDEMPOTENCY_KEY_REUSED", "OUTCOME_UNKNOWN"],
});
