import type { operations } from "@jifen/contract";
import { ok, type UserId } from "@jifen/core";
import { idBound, timeOfId } from "@jifen/database";
import type { z } from "zod";
import { logCursor } from "../../values/cursor.ts";
import { isoTime } from "../../values/iso-time.ts";
import { parseTime } from "../../values/parse-time.ts";
import type { Deps } from "./deps.ts";
import { readNamed } from "./named-in-logs.ts";
import { toLogOutput } from "./to-log.ts";

type ListInput = z.output<typeof operations.logs.list.input>;

/** A page of logs as the output of operations. @param userId all users if undefined. Refuses: VALIDATION_FAILED */
export async function readLogPage({ database }: Pick<Deps, "database">, input: ListInput, userId: UserId | undefined) {
  const cursor = logCursor.read(input.cursor);
  if (!cursor.ok) return cursor;
  const [fromMs, toMs] = [parseTime(input.from), parseTime(input.to)];
  const filter = {
    userId,
    action: input.action,
    success: input.success,
    subjectId: input.transactionId ?? input.holdId,
    reference: input.reference,
    text: input.text,
    fromId: fromMs === undefined ? undefined : idBound(fromMs),
    beforeId: cursor.value ?? (toMs === undefined ? undefined : idBound(toMs)),
  };
  const { logs, lastId } = await database.logs.list(filter, input.limit);
  const named = await readNamed(database.history, logs);
  return ok({
    items: logs.map((log) => toLogOutput(log, named(log))),
    nextCursor: lastId === undefined ? null : logCursor.write(lastId),
    searchedTo: lastId === undefined ? null : isoTime(timeOfId(lastId)),
  });
}
