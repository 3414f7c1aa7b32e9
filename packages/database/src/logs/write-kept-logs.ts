import { invariant } from "@jifen/core";
import type { CallLog, LogKey, NewCallLog } from "./call-log.ts";
import type { LogBackend } from "./log-backend.ts";

type Writer = Pick<LogBackend, "findByKeys" | "storedKeys" | "releaseKeys"> & {
  /** As `writeLogs`. */
  write(logs: readonly NewCallLog[]): Promise<readonly (CallLog | undefined)[]>;
};

/** Other processes can take a key while this one releases it. */
const MAX_ATTEMPTS = 5;

/**
 * Writes logs. A key whose log has expired or is removed is free again.
 * @param keptFromId logs with lesser ids have expired; undefined when none has
 */
export async function writeKeptLogs(
  writer: Writer,
  logs: readonly NewCallLog[],
  keptFromId: string | undefined,
): Promise<readonly CallLog[]> {
  const stored = [...(await writer.write(logs))];
  for (let attempts = 0; ; attempts += 1) {
    const left = logs.flatMap((log, at) => (isStale(stored[at], log, keptFromId) ? [{ log, at }] : []));
    if (left.length === 0) return stored as readonly CallLog[];
    invariant(attempts < MAX_ATTEMPTS, "a key without a log can be taken");
    const again = left.map(({ log }) => log);
    await releaseStaleKeys(writer, again, keptFromId);
    const written = await writer.write(again);
    for (const [n, { at }] of left.entries()) stored[at] = written[n];
  }
}

/** Whether the key of a log has a log that is gone. A log of an earlier version can be written after it has expired. */
function isStale(stored: CallLog | undefined, { id, arrivalId }: NewCallLog, keptFromId: string | undefined): boolean {
  if (stored === undefined) return true;
  return keptFromId !== undefined && stored.id < keptFromId && stored.id !== id && stored.id !== arrivalId;
}

/**
 * The keys are read before the logs: a key that another process takes in between is found with its new log, and the removal
 * names the old one.
 */
async function releaseStaleKeys(
  { storedKeys, findByKeys, releaseKeys }: Writer,
  logs: readonly NewCallLog[],
  keptFromId: string | undefined,
): Promise<void> {
  const places = logs.flatMap(({ userId, idempotencyKey }) =>
    idempotencyKey === null ? [] : [{ userId, idempotencyKey }],
  );
  const keys = await storedKeys(places);
  const found = await findByKeys(places);
  const kept = new Set(found.filter(({ id }) => keptFromId === undefined || id >= keptFromId).map(({ id }) => id));
  const stale: readonly LogKey[] = keys.filter(({ logId }) => !kept.has(logId));
  await releaseKeys(stale);
}
