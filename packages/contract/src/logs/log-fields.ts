import { z } from "zod";
import { zHoldId, zTime, zTransactionId } from "../ids.ts";
import { zJsonObject } from "../json-object.ts";
import { bilingual } from "../language.ts";
import {
  zAction,
  zBoolean,
  zCredits,
  zIdempotencyKey,
  zOutputText,
  zPathId,
  zSingleLine,
  zTimestamp,
  zUserId,
} from "../primitives.ts";

const rule = (wording: { zh: string; en: string }) => ({ error: bilingual(wording) });

/** The id of a log. */
export const zLogId = zPathId("log-01a204b4-52c2-765e-9ff6-3a127379f980").meta({
  id: "LogId",
  description:
    "`log-` and a UUID of version 7, whose time is `countedAt`: `timestamp`, or the arrival when `timestamp` is more than 31 days before it or 5 minutes after it.",
});

/** The longest duration of a call: a day. */
const MAX_DURATION_MS = 86_400_000;

const durationRule = rule({
  zh: `必须是 0 到 ${MAX_DURATION_MS} 之间的整数（毫秒）`,
  en: `must be a whole number from 0 to ${MAX_DURATION_MS} (milliseconds)`,
});

const idRule = (prefix: string) =>
  rule({ zh: `必须是以 ${prefix} 开头的 ID`, en: `must be an id that begins with ${prefix}` });

/** The transaction that a log names. */
export const zLoggedTransactionId = z
  .string(idRule("txn-"))
  .regex(/^txn-[A-Za-z0-9-]{1,96}$/, idRule("txn-"))
  .meta({
    maxLength: 100,
    description: "The transaction that charged this call.",
    examples: ["txn-01a204b4-52c2-765e-9ff6-3a127379f980"],
  });

/** The hold that a log names. */
export const zLoggedHoldId = z
  .string(idRule("hold-"))
  .regex(/^hold-[A-Za-z0-9-]{1,95}$/, idRule("hold-"))
  .meta({
    maxLength: 100,
    description: "The hold of this call.",
    examples: ["hold-01a204b4-52c2-765e-9ff6-3a127379f980"],
  });

/** The caller's own id of a job. */
export const zReference = zSingleLine(100).meta({
  description: "The caller's own id of the job.",
  examples: ["job-20260101-7"],
});

/** What a caller reports of one call. */
const logEntryFields = {
  userId: zUserId,
  action: zAction,
  details: zJsonObject(65_536),
  success: zBoolean,
  timestamp: zTimestamp,
  transactionId: zLoggedTransactionId.optional(),
  holdId: zLoggedHoldId.optional(),
  durationMs: z
    .int(durationRule)
    .min(0, durationRule)
    .max(MAX_DURATION_MS, durationRule)
    .optional()
    .meta({
      description: "How long the call took, in milliseconds.",
      examples: [4_200],
    }),
  reference: zReference.optional(),
  idempotencyKey: zIdempotencyKey.optional(),
};

const eitherMessage = bilingual({
  zh: "transactionId 和 holdId 只能传一个",
  en: "transactionId and holdId cannot both be set; send one of them",
});

/** One call to record. A log names a transaction or a hold, not both. */
export const zLogEntry = z
  .strictObject(logEntryFields)
  .refine(({ transactionId, holdId }) => transactionId === undefined || holdId === undefined, {
    path: ["holdId"],
    message: eitherMessage,
  });

/** How many places of the details were redacted. */
export const zRedacted = z.int().min(0).max(65_536).meta({
  description: "How many places of `details` were redacted before the log was stored.",
});

/** A log as it is shown. */
export const zLog = z
  .object({
    logId: zOutputText(100),
    userId: zOutputText(320),
    action: zOutputText(400),
    success: z.boolean(),
    timestamp: zTime.meta({ description: "The time that the caller reported." }),
    countedAt: zTime.meta({ description: "The time at which the log counts: lists and ranges go by it." }),
    receivedAt: zTime.meta({ description: "The time at which the log arrived." }),
    durationMs: z.int().min(0).max(MAX_DURATION_MS).nullable(),
    reference: zOutputText(100).nullable(),
    details: z.record(z.string(), z.unknown()).nullable().meta({
      description: "As the caller sent them, after redaction. Null in a list when they have more than 4,096 bytes.",
    }),
    detailsBytes: z.int().min(0).max(1_048_576).meta({ description: "UTF-8 bytes of the details as JSON." }),
    charge: z
      .object({
        transactionId: zTransactionId,
        kind: z.enum(["consume", "capture"]),
        amount: zCredits,
        refunded: zCredits,
        net: zCredits.meta({ description: "The amount without what was refunded." }),
      })
      .nullable()
      .meta({
        description: "What the ledger has of the charge that the log names; null if it is not one of this user.",
      }),
    hold: z
      .object({
        holdId: zHoldId,
        state: z.enum(["pending", "captured", "released", "expired"]),
        amount: zCredits,
        captured: zCredits,
      })
      .nullable()
      .meta({ description: "The present state of the hold that the log names; null if it is not one of this user." }),
  })
  .meta({ id: "Log" });
