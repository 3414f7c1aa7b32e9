import type { operations } from "@jifen/contract";
import { ok, type UserId } from "@jifen/core";
import { timeOfId } from "@jifen/database";
import type { z } from "zod";
import { logCursor } from "../../values/cursor.ts";
import { isoTime } from "../../values/iso-time.ts";
import type { Deps } from "./deps.ts";
import { readNamed } from "./named-in-logs.ts";
import { toLogOutput } from "./to-log.ts";
import { toLogFilter } from "./to-log-filter.ts";

type ListInput = z.output<typeof operations.logs.list.input>;

/** A page of logs as the output of operations. @param userId all users if undefined. Refuses: VALIDATION_FAILED */
export async function readLogPage({ database }: Pick<Deps, "database">, input: ListInput, userId: UserId | undefined) {
  const cursor = logCursor.read(input.cursor);
  if (!cursor.ok) return cursor;
  const filter = toLogFilter(input, userId);
  if (!filter.ok) return filter;
  const beforeId = cursor.value ?? filter.value.beforeId;
  const { logs, lastId } = await database.logs.list({ ...filter.value, beforeId }, input.limit);
  const named = await readNamed(database.history, logs);
  return ok({
    items: logs.map((log) => toLogOutput(log, named(log))),
    nextCursor: lastId === undefined ? null : logCursor.write(lastId),
    searchedTo: lastId === undefined ? null : isoTime(timeOfId(lastId)),
  });
}
