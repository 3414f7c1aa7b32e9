import { z } from "zod";
import { bilingual } from "./language.ts";
import { zAction, zPathId } from "./primitives.ts";

const UUID = "01a204b4-52c2-765e-9ff6-3a127379f980";

/** A hold's id, as placing it answered. */
export const zHoldId = zPathId(`hold-${UUID}`).meta({ id: "HoldId", description: "`hold-` and a time-ordered id." });

/** A transaction's id. */
export const zTransactionId = zPathId(`txn-${UUID}`).meta({
  id: "TransactionId",
  description: "`txn-` and a time-ordered id.",
});

/** A grant's id. Only ever answered. */
export const zGrantId = z
  .string()
  .meta({ id: "GrantId", maxLength: 100, description: "`grant-` and a time-ordered id.", examples: [`grant-${UUID}`] });

/** A moment in an answer. */
export const zTime = z.string().meta({
  id: "Time",
  format: "date-time",
  maxLength: 24,
  description: "ISO 8601 in UTC.",
  examples: ["2025-01-01T00:00:00.000Z"],
});

/** Metadata in an answer, as it was given. */
export const zMetadata = z.record(z.string(), z.unknown()).nullable();

/** Why something was done: 1 to 100 characters, as an action. */
export const zReason = zAction.meta({ description: "Why.", examples: ["generation_failed"] });

/** The longest that credits can be set aside at once: a week. */
const MAX_TTL_SECONDS = 604_800;

const ttlRule = {
  error: bilingual({
    zh: `必须是 1 到 ${MAX_TTL_SECONDS} 之间的整数（秒）`,
    en: `must be a whole number of seconds from 1 to ${MAX_TTL_SECONDS}`,
  }),
};

/** How long credits stay set aside: 1 second to a week. */
export const zTtlSeconds = z
  .int(ttlRule)
  .min(1, ttlRule)
  .max(MAX_TTL_SECONDS, ttlRule)
  .meta({ id: "TtlSeconds", description: "Seconds from now on.", examples: [900] });
