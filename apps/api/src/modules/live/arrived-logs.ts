import type { UserId } from "@jifen/core";
import { type CallLog, type Database, idBound } from "@jifen/database";
import { readNamed } from "../logs/named-in-logs.ts";
import { toLogOutput } from "../logs/to-log.ts";
import type { LiveEvent } from "./event-text.ts";

/** A log that counts at most this long before its arrival is an event. */
export const MAX_LATENESS_MS = 6 * 3_600_000;
/** How many logs are read at once; of more, subscribers get `resync`. */
export const MAX_LOGS = 1_000;
/** How long before the last event a log can have arrived that its client does not have: some are sent twice. */
const RESUME_OVERLAP_MS = 60_000;
/** How long a client may have been away. */
const MAX_AWAY_MS = 3_600_000;

/** What reading logs needs. */
export type LogReading = {
  readonly database: Pick<Database, "logs" | "history">;
  readonly nowMs: () => number;
};

/** Tells a client to read its lists again. */
export const resyncAt = (atMs: number): LiveEvent => ({ kind: "resync", atMs, data: {} });

/** The logs of a user that arrived since a time, as many as are read at once. */
export const readArrived = ({ database }: Pick<LogReading, "database">, userId: UserId, sinceMs: number) =>
  database.logs.list({ userId, fromId: idBound(sinceMs - MAX_LATENESS_MS), receivedFromMs: sinceMs }, MAX_LOGS);

/** Logs as events, in the order of their arrival. Amounts are those of the ledger now. */
export async function logEvents(
  { database }: Pick<LogReading, "database">,
  logs: readonly CallLog[],
  atMs: number,
): Promise<readonly LiveEvent[]> {
  const named = await readNamed(database.history, logs);
  return logs
    .toSorted((one, other) => one.createdAtMs - other.createdAtMs)
    .map((log) => ({
      kind: "log",
      // The rest of these events may be lost: a client that comes again resumes after the last one that it received.
      atMs: Math.min(log.createdAtMs, atMs),
      data: toLogOutput(log, named(log)),
    }));
}

/** What a client missed since its last event, in the order of arrival; `resync` when it is too much, or was too long ago. */
export async function readMissed(deps: LogReading, userId: UserId, sinceMs: number): Promise<readonly LiveEvent[]> {
  const atMs = deps.nowMs();
  if (sinceMs < atMs - MAX_AWAY_MS) return [resyncAt(atMs)];
  const { logs, lastId } = await readArrived(deps, userId, Math.min(sinceMs, atMs) - RESUME_OVERLAP_MS);
  return lastId === undefined ? logEvents(deps, logs, atMs) : [resyncAt(atMs)];
}
