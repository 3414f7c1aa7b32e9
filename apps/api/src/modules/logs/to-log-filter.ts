import type { operations, Refusal } from "@jifen/contract";
import { type Outcome, ok, type UserId } from "@jifen/core";
import { idBound, type LogFilter } from "@jifen/database";
import type { z } from "zod";
import { emptyRange, invalidField } from "../../values/invalid-field.ts";
import { parseTime } from "../../values/parse-time.ts";

/** The filters that a list and a file of logs have. */
type Filters = Omit<z.output<typeof operations.logs.list.input>, "limit" | "cursor">;

/** The filter that a request asks for. @param userId all users if undefined. Refuses: VALIDATION_FAILED (`holdId`, `to`) */
export function toLogFilter(
  input: Filters,
  userId: UserId | undefined,
): Outcome<LogFilter, Refusal<"VALIDATION_FAILED">> {
  if (input.transactionId !== undefined && input.holdId !== undefined) {
    return invalidField("holdId", {
      zh: "transactionId 和 holdId 只能传一个",
      en: "transactionId and holdId cannot both be set; send one of them",
    });
  }
  const [fromMs, toMs] = [parseTime(input.from), parseTime(input.to)];
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    return emptyRange();
  }
  return ok({
    userId,
    action: input.action,
    success: input.success,
    subjectId: input.transactionId ?? input.holdId,
    reference: input.reference,
    text: input.text,
    fromId: fromMs === undefined ? undefined : idBound(fromMs),
    beforeId: toMs === undefined ? undefined : idBound(toMs),
  });
}
