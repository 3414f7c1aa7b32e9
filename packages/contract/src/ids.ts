import { z } from "zod";
import { zJsonObject } from "./json-object.ts";
import { bilingual } from "./language.ts";
import { zAction, zPathId, zText } from "./primitives.ts";

const UUID = "01a204b4-52c2-765e-9ff6-3a127379f980";

/** The id of a hold. */
export const zHoldId = zPathId(`hold-${UUID}`).meta({ id: "HoldId", description: "`hold-` and a time-ordered id." });

/** The id of a transaction. */
export const zTransactionId = zPathId(`txn-${UUID}`).meta({
  id: "TransactionId",
  description: "`txn-` and a time-ordered id.",
});

/** The id of a grant. */
export const zGrantId = zPathId(`grant-${UUID}`).meta({
  id: "GrantId",
  description: "`grant-` and a time-ordered id.",
});

/** A time in a response. */
export const zTime = z.string().meta({
  id: "Time",
  format: "date-time",
  maxLength: 24,
  description: "ISO 8601 in UTC.",
  examples: ["2025-01-01T00:00:00.000Z"],
});

/** The member of metadata in which the price of a command is stored: version, parameters, group, factor, usage. */
export const PRICE_MEMBER = "_price";

/** Metadata in a request. Only the server writes `_price`. */
export const zSentMetadata = zJsonObject(4_096, PRICE_MEMBER);

/** Metadata in a response, as the client sent it; `_price` says how a command was priced. */
export const zMetadata = z.record(z.string(), z.unknown()).nullable();

/** The reason of an operation: 1 to 100 characters, with the rules of an action. */
export const zReason = zAction.meta({
  description: "The reason, for the journal and the audit log.",
  examples: ["generation_failed"],
});

/** What staff notes about an operation, for the audit log only: at most 500 characters, line breaks included. */
export const zNote = zText(500).meta({
  description: "For the audit log only: the user never sees it. It is no part of what an idempotency key stands for.",
});

/** The longest lifetime of a hold or of one extension: one week. */
const MAX_TTL_SECONDS = 604_800;

const ttlRule = {
  error: bilingual({
    zh: `必须是 1 到 ${MAX_TTL_SECONDS} 之间的整数（秒）`,
    en: `must be a whole number from 1 to ${MAX_TTL_SECONDS} (seconds)`,
  }),
};

/** The lifetime of a hold: 1 second to one week. */
export const zTtlSeconds = z
  .int(ttlRule)
  .min(1, ttlRule)
  .max(MAX_TTL_SECONDS, ttlRule)
  .meta({ id: "TtlSeconds", description: "Seconds from now.", examples: [900] });
