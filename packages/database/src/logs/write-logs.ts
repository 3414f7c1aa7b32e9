import { invariant } from "@jifen/core";
import type { CallLog, NewCallLog } from "./call-log.ts";
import type { LogBackend } from "./log-backend.ts";
import { sumsOf } from "./log-sums.ts";

/**
 * Writes logs with their keys and sums in one transaction. A log that is stored already, because an earlier attempt was not
 * answered, is neither inserted nor counted again.
 * @param part the part of this process in the sums of all users
 * @returns the stored log of each: itself, or an earlier one under the same key
 * @throws DatabaseUnavailable, OutcomeUnknown, or the error of the database when a log cannot be stored
 */
export async function writeLogs(
  backend: LogBackend,
  part: number,
  logs: readonly NewCallLog[],
): Promise<readonly CallLog[]> {
  const placed = await Promise.all(logs.map((log) => inItsPlace(backend, log)));
  // Of several logs with one key, the first one is written.
  const byKeys = new Map(placed.toReversed().map((log) => [keyOf(log), log] as const));
  const distinct = [...byKeys].sort(byKey).map(([, log]) => log);
  const inserted = await backend.transaction(async (tx) => {
    const keyed = distinct.filter(hasKey);
    const keys = keyed.map(({ userId, idempotencyKey, id }) => ({ userId, idempotencyKey, logId: id }));
    const claimed = keys.length > 0 ? await tx.claimKeys(keys) : new Set<string>();
    const fresh = distinct.filter((log) => !hasKey(log) || claimed.has(log.id));
    if (fresh.length === 0) return new Set<string>();
    const ids = await tx.insertLogs(fresh);
    const counted = fresh.filter(({ id }) => ids.has(id));
    if (counted.length > 0) await tx.addSums(sumsOf(counted, part));
    return ids;
  });
  const others = distinct.filter(hasKey).filter(({ id }) => !inserted.has(id));
  const found = others.length === 0 ? [] : await backend.findByKeys(others);
  const stored = new Map<string, CallLog>([
    ...distinct.map((log) => [keyOf(log), withoutKey(log)] as const),
    ...found.map((log) => [keyOf(log), withoutKey(log)] as const),
  ]);
  invariant(found.length === others.length, "every key that is taken names a stored log");
  return placed.map((log) => stored.get(keyOf(log)) as CallLog);
}

type Keyed = NewCallLog & { readonly idempotencyKey: string };

const hasKey = (log: NewCallLog): log is Keyed => log.idempotencyKey !== null;

/** Distinguishes logs within a batch. No key and no id has a space at its begin. */
const keyOf = ({ userId, idempotencyKey, id }: Pick<NewCallLog, "userId" | "idempotencyKey" | "id">) =>
  `${userId} ${idempotencyKey ?? ` ${id}`}`;

type KeyedEntry = readonly [string, NewCallLog];
const byKey = ([one]: KeyedEntry, [other]: KeyedEntry): number => (one < other ? -1 : 1);

/** A log as it is stored. */
export function withoutKey<Log extends CallLog>({
  idempotencyKey: _,
  arrivalId: __,
  ...log
}: Log & Partial<Pick<NewCallLog, "idempotencyKey" | "arrivalId">>): CallLog {
  return log;
}

/** A log whose month has no partition counts at its arrival, instead of failing. */
async function inItsPlace(backend: LogBackend, log: NewCallLog): Promise<NewCallLog> {
  if (await backend.hasPlaceFor(log.countedAtMs)) return log;
  return { ...log, id: log.arrivalId, countedAtMs: log.createdAtMs };
}
