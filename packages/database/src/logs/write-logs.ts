import type { CallLog, NewCallLog } from "./call-log.ts";
import type { LogBackend } from "./log-backend.ts";

/** How many milliseconds have the same place: months begin with a day. */
const DAY_MS = 86_400_000;

/** A log, and what tells it from the others of its batch. */
type Entry = { readonly key: string; readonly log: NewCallLog };

/**
 * Writes logs with their keys and sums in one transaction. A log that is stored already, because an earlier attempt was not
 * answered, is neither inserted nor counted again.
 * @param part the part of this process in the sums of all users
 * @returns the stored log of each: itself, or an earlier one under the same key; undefined when that one is removed
 * @throws DatabaseUnavailable, OutcomeUnknown, or the error of the database when a log cannot be stored
 */
export async function writeLogs(
  backend: Pick<LogBackend, "insert" | "findByKeys" | "hasPlaceFor">,
  part: number,
  logs: readonly NewCallLog[],
): Promise<readonly (CallLog | undefined)[]> {
  const entries = (await inTheirPlaces(backend, logs)).map((log): Entry => ({ key: keyOf(log), log }));
  // Of several logs with one key, the first one is written.
  const byKeys = new Map(entries.toReversed().map((entry) => [entry.key, entry] as const));
  const distinct = [...byKeys.values()].sort(byKey).map(({ log }) => log);
  const inserted = await backend.insert({ logs: distinct, part });
  const others = distinct.filter(hasKey).filter(({ id }) => !inserted.has(id));
  const found = others.length === 0 ? [] : await backend.findByKeys(others);
  const stored = new Map<string, CallLog>(found.map((log) => [keyOf(log), withoutKey(log)] as const));
  for (const { key, log } of byKeys.values())
    if (!hasKey(log) || inserted.has(log.id)) stored.set(key, withoutKey(log));
  return entries.map(({ key }) => stored.get(key));
}

type Keyed = NewCallLog & { readonly idempotencyKey: string };

/** Whether the caller sent an idempotency key. */
export const hasKey = (log: NewCallLog): log is Keyed => log.idempotencyKey !== null;

/** Distinguishes logs within a batch. No key and no id has a space at its begin. */
const keyOf = ({ userId, idempotencyKey, id }: Pick<NewCallLog, "userId" | "idempotencyKey" | "id">) =>
  `${userId} ${idempotencyKey ?? ` ${id}`}`;

const byKey = ({ key: one }: Entry, { key: other }: Entry): number => (one < other ? -1 : 1);

/** A log as it is stored. */
export function withoutKey<Log extends CallLog>({
  idempotencyKey: _,
  arrivalId: __,
  ...log
}: Log & Partial<Pick<NewCallLog, "idempotencyKey" | "arrivalId">>): CallLog {
  return log;
}

const dayOf = ({ countedAtMs }: CallLog): number => Math.floor(countedAtMs / DAY_MS);

/** A log whose month has no partition counts at its arrival, instead of failing. */
async function inTheirPlaces(
  backend: Pick<LogBackend, "hasPlaceFor">,
  logs: readonly NewCallLog[],
): Promise<readonly NewCallLog[]> {
  const days = new Set(logs.map(dayOf));
  const withoutPlace = new Set<number>();
  for (const day of days) if (!(await backend.hasPlaceFor(day * DAY_MS))) withoutPlace.add(day);
  if (withoutPlace.size === 0) return logs;
  return logs.map((log) =>
    withoutPlace.has(dayOf(log)) ? { ...log, id: log.arrivalId, countedAtMs: log.createdAtMs } : log,
  );
}
