import type { UserId } from "@jifen/core";
import type { Database } from "@jifen/database";
import { LRUCache } from "lru-cache";
import type { Caller } from "../identity/credentials/caller.ts";
import { sha256 } from "../identity/credentials/sha256.ts";

const HOUR_MS = 3_600_000;

/** Who reads the logs of which user. */
type Reading = { readonly caller: Caller; readonly requestId: string; readonly user: UserId };

/** Writes that staff read the logs of a user to the audit log. */
export type RecordReading = (reading: Reading) => Promise<void>;

/**
 * Once an hour for each pair of reader and user, whichever server is asked: the id of the event follows from both and the
 * hour.
 */
export function createRecordReading({
  database,
  nowMs,
}: {
  readonly database: Pick<Database, "auditLog">;
  readonly nowMs: () => number;
}): RecordReading {
  // What this process has written, so that a page costs no write.
  const written = new LRUCache<string, true>({ max: 10_000 });
  return async ({ caller: { actor }, requestId, user }) => {
    const hourMs = Math.floor(nowMs() / HOUR_MS) * HOUR_MS;
    const id = eventId(hourMs, `${actor} ${user}`);
    if (written.has(id)) return;
    await database.auditLog.recordOnce({
      ...{ id, atMs: nowMs(), actor, action: "logs.read", subject: `user:${user}` },
      ...{ reason: null, details: null, requestId },
    });
    written.set(id, true);
  };
}

/** An id of this time (RFC 9562, version 7), whose other bits follow from the text. */
function eventId(timeMs: number, text: string): string {
  const time = timeMs.toString(16).padStart(12, "0");
  const bits = sha256(text);
  return `event-${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-8${bits.slice(3, 6)}-${bits.slice(6, 18)}`;
}
