import type { UserId } from "@jifen/core";
import type { CallLog, LogFilter, NewCallLog } from "../src/index.ts";
import { newLog, times } from "./samples.ts";
import type { InUse } from "./use-database.ts";

/** A minute. */
export const MINUTE_MS = 60_000;

/** Logs in the order of a list. */
export const newestFirst = (logs: readonly CallLog[]) => logs.toSorted((one, other) => (one.id < other.id ? 1 : -1));

/** Logs of the last two hours with many combinations of values. */
export function variedLogs(users: readonly UserId[], count: number): readonly NewCallLog[] {
  const nowMs = Date.now();
  return times(count, (n) => {
    const details = JSON.stringify({ prompt: `第${n % 7}个 50% \\ "引号" 😀`, n });
    return newLog(users[n % users.length], {
      countedAtMs: nowMs - ((n * 7_919) % 120) * MINUTE_MS,
      action: ["video", "image", "3d"][n % 3] as string,
      success: n % 4 !== 0,
      durationMs: n % 5 === 0 ? null : n * 37,
      subjectId: n % 6 === 0 ? `txn-${n % 12}` : null,
      reference: n % 10 === 0 ? `job-${n % 20}` : null,
      details,
      detailsBytes: Buffer.byteLength(details),
    });
  });
}

/** Whether a log matches a filter, without the code under test. */
export const matches = (log: CallLog, filter: LogFilter): boolean =>
  (filter.userId === undefined || log.userId === filter.userId) &&
  (filter.action === undefined || log.action === filter.action) &&
  (filter.success === undefined || log.success === filter.success) &&
  (filter.subjectId === undefined || log.subjectId === filter.subjectId) &&
  (filter.reference === undefined || log.reference === filter.reference) &&
  (filter.fromId === undefined || log.id >= filter.fromId) &&
  (filter.beforeId === undefined || log.id < filter.beforeId) &&
  (filter.afterId === undefined || log.id > filter.afterId) &&
  (filter.afterId === undefined || log.id > filter.afterId) &&
  (filter.text === undefined ||
    Object.values(JSON.parse(log.details ?? "{}"))
      .join("\n")
      .includes(filter.text));

/** Every page of the same list, oldest first. */
export async function everyLogOldest(
  { database }: InUse,
  filter: LogFilter,
  { limit, details = "all" }: { readonly limit: number; readonly details?: "all" | "none" },
): Promise<readonly CallLog[]> {
  const all: CallLog[] = [];
  for (let afterId: string | undefined; ; ) {
    const page = await database.logs.listOldest({ ...filter, afterId: afterId ?? filter.afterId }, limit, details);
    all.push(...page.logs);
    if (page.lastId === undefined) return all;
    afterId = page.lastId;
  }
}

/** Every page of a list. */
export async function everyLog({ database }: InUse, filter: LogFilter, limit: number): Promise<readonly CallLog[]> {
  const all: CallLog[] = [];
  for (let beforeId: string | undefined; ; ) {
    const { logs, lastId } = await database.logs.list({ ...filter, beforeId: beforeId ?? filter.beforeId }, limit);
    all.push(...logs);
    if (lastId === undefined) return all;
    beforeId = lastId;
  }
}
