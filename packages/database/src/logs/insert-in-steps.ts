import type { LogBatch, LogTransaction } from "./log-backend.ts";
import { sumsOf } from "./log-sums.ts";
import { hasKey } from "./write-logs.ts";

/** Inserts a batch in the steps of one transaction. @returns as `LogBackend.insert` */
export async function insertInSteps(tx: LogTransaction, { logs, part }: LogBatch): Promise<ReadonlySet<string>> {
  const keys = logs.filter(hasKey).map(({ userId, idempotencyKey, id }) => ({ userId, idempotencyKey, logId: id }));
  const claimed = keys.length > 0 ? await tx.claimKeys(keys) : new Set<string>();
  const fresh = logs.filter((log) => !hasKey(log) || claimed.has(log.id));
  if (fresh.length === 0) return new Set();
  const ids = await tx.insertLogs(fresh);
  const counted = fresh.filter(({ id }) => ids.has(id));
  if (counted.length > 0) await tx.addSums(sumsOf(counted, part));
  return ids;
}
