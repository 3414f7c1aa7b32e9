import { z } from "zod";
import { anyUser } from "../callers.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zIdempotencyKey, zOutputText } from "../primitives.ts";
import { type zLogEntry, zRedacted } from "./log-fields.ts";

/** The most logs in one batch. */
const MAX_LOGS_IN_BATCH = 500;

const batchRule = {
  error: bilingual({
    zh: `必须是 1 到 ${MAX_LOGS_IN_BATCH} 条日志的列表`,
    en: `must be a list of 1 to ${MAX_LOGS_IN_BATCH} logs`,
  }),
};

/** A log as it was sent. It is checked alone: a log that is not valid is refused in its result, and the others are written. */
const zSentEntry = (z.unknown() as z.ZodType<unknown, z.input<typeof zLogEntry>>).meta({
  override: {
    type: "object",
    additionalProperties: true,
    description: "A log with the fields of `POST /logs/create`.",
  },
});

const count = z.int().min(0).max(MAX_LOGS_IN_BATCH);

/** `POST /logs/batch`: records several calls in one request. */
export const batch = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/logs/batch", maxBodyBytes: 1_048_576 },
  summary: { zh: "批量创建日志", en: "Record several calls in the log." },
  caller: anyUser("logs:write"),
  idempotent: true,
  input: z.strictObject({
    logs: z.array(zSentEntry, batchRule).min(1, batchRule).max(MAX_LOGS_IN_BATCH, batchRule).meta({
      description:
        "A log without its own `idempotencyKey` has that of the request with a colon and its position from 0. A service key with `act-as` may name a different user in each.",
    }),
    idempotencyKey: zIdempotencyKey.max(250).optional(),
  }),
  output: z.object({
    results: z
      .array(
        z.union([
          z.object({
            logId: zOutputText(100),
            replayed: z.boolean().meta({ description: "Whether an earlier request wrote it under the same key." }),
            redacted: zRedacted,
          }),
          z.object({
            code: z.enum([
              "FORBIDDEN",
              "RATE_LIMITED",
              "VALIDATION_FAILED",
              "USER_MISMATCH",
              "USER_NOT_FOUND",
              "ACCOUNT_SUSPENDED",
              "IDEMPOTENCY_KEY_REUSED",
            ]),
            message: zOutputText(1_000),
            issues: z
              .array(z.object({ path: zOutputText(1_000), message: zOutputText(1_000) }))
              .optional()
              .meta({ maxItems: 1_000 }),
          }),
        ]),
      )
      .meta({ maxItems: MAX_LOGS_IN_BATCH, description: "In the order of the logs." }),
    written: count.meta({ description: "Logs that this request wrote." }),
    replayed: count.meta({ description: "Logs that an earlier request wrote under the same key." }),
    refused: count.meta({ description: "Logs that were not written, each with its reason." }),
  }),
  refusals: ["OUTCOME_UNKNOWN"],
});
