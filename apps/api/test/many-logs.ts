import { randomUUID } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import { idBound, type NewCallLog, openDatabase } from "@jifen/database";

/** How many logs of a user, and their details as JSON. */
type ManyLogs = {
  readonly email: string;
  readonly count: number;
  readonly detailsBytes?: number;
  readonly details?: string;
};

/** How many logs one call writes: the queue of a store has room for twice as many. */
const AT_ONCE = 4_000;

/** Logs of a user, one in each second before now, with these details, or with details of this size. */
export async function writeManyLogs(
  url: string,
  { email, count, detailsBytes = 100, details = detailsOf(detailsBytes) }: ManyLogs,
): Promise<void> {
  const database = await openDatabase(url);
  const nowMs = Date.now();
  const id = userId(email);
  try {
    for (let from = 0; from < count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) =>
        logOf(id, nowMs - (from + at) * 1_000, details),
      );
      await database.logs.write(some);
    }
  } finally {
    await database.close();
  }
}

const detailsOf = (bytes: number) => JSON.stringify({ text: "x".repeat(Math.max(0, bytes - 11)) });

function logOf(id: UserId, atMs: number, details: string): NewCallLog {
  const idAt = (timeMs: number) => `${idBound(timeMs)}-7${randomUUID().slice(15)}`;
  return {
    ...{ userId: id, id: idAt(atMs), arrivalId: idAt(atMs), idempotencyKey: null, countedAtMs: atMs },
    ...{ action: "video", success: true, durationMs: 1, subjectId: null, reference: null },
    ...{ details, detailsBytes: Buffer.byteLength(details), occurredAtMs: atMs, createdAtMs: Date.now() },
  };
}
