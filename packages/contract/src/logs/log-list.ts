import { z } from "zod";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { zAction, zCursor, zLimit, zNextCursor, zQueryBoolean, zTimestamp } from "../primitives.ts";
import { zLog, zLoggedHoldId, zLoggedTransactionId, zReference } from "./log-fields.ts";

const textRule = {
  error: bilingual({ zh: "必须是 1 到 200 个字符的文本", en: "must be text of 1 to 200 characters" }),
};

/** The filters of a list of logs, and its page. */
export const listInput = {
  action: zAction.optional(),
  success: zQueryBoolean.optional(),
  from: zTimestamp.optional().meta({ description: "Only logs that count at or after this time." }),
  to: zTimestamp.optional().meta({ description: "Only logs that count before this time." }),
  transactionId: zLoggedTransactionId.optional(),
  holdId: zLoggedHoldId.optional(),
  reference: zReference.optional(),
  text: z.string(textRule).min(1, textRule).max(200, textRule).optional().meta({
    description: "Found as it is written, anywhere in the details: no wildcard has a meaning.",
  }),
  limit: zLimit(100, 20),
  cursor: zCursor.optional(),
};

/** A page of logs. */
export const zLogPage = z.object({
  items: z.array(zLog).meta({ maxItems: 100 }),
  nextCursor: zNextCursor.meta({
    description:
      "The cursor of the next page; null on the last page. It can be set though the page has fewer items than `limit`, or none: a search looks at a bounded number of logs for each page.",
  }),
  searchedTo: zTime.nullable().meta({
    description: "The time of the last log that was looked at; null when all logs of the range were.",
  }),
});
