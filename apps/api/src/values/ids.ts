import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const BYTES_EACH = 16;
/** Random bytes are fetched for many UUIDs together: a system call for each UUID would cost more than everything else. */
const UUIDS_PER_FETCH = 256;

/** Fills bytes with random ones. */
export type FillRandom = (bytes: Uint8Array) => unknown;

/** Creates UUIDs of the given time (RFC 9562, version 7). Those of one millisecond in a row grow. */
export function createUuidsAt(fillRandom: FillRandom = randomFillSync): (timeMs: number) => string {
  const pool = new Uint8Array(UUIDS_PER_FETCH * BYTES_EACH);
  let used = pool.length;
  let last = { msecs: Number.NEGATIVE_INFINITY, seq: 0 };

  const nextRandom = (): Uint8Array => {
    if (used === pool.length) {
      fillRandom(pool);
      used = 0;
    }
    used += BYTES_EACH;
    return pool.subarray(used - BYTES_EACH, used);
  };

  return (msecs) => {
    const random = nextRandom();
    // Within a millisecond a sequence counts up from a random start that leaves room for 2^31 more.
    last =
      msecs === last.msecs
        ? { msecs, seq: last.seq + 1 }
        : { msecs, seq: new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1 };
    return v7({ random, ...last });
  };
}

/** Creates time-ordered UUIDs, each greater than the one before, even when the clock is set back. */
export function createUuids(nowMs: () => number, fillRandom?: FillRandom): () => string {
  const uuidAt = createUuidsAt(fillRandom);
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    lastMs = Math.max(lastMs, nowMs());
    return uuidAt(lastMs);
  };
}

/** Kinds of things that have an id. */
type IdPrefix = "log" | "txn" | "grant" | "hold" | "event" | "audit" | "batch" | "endpoint" | "evt";

/** Returns `<prefix>-` and a time-ordered UUID (RFC 9562, version 7). */
export type NewId<Prefix extends IdPrefix = IdPrefix> = (prefix: Prefix) => string;

/** Creates ids that name the kind of their thing and grow with time. */
export function createIds(nowMs: () => number, fillRandom?: FillRandom): NewId {
  const newUuid = createUuids(nowMs, fillRandom);
  return (prefix) => `${prefix}-${newUuid()}`;
}

/** Returns `<prefix>-` and a UUID (version 7) of this time. */
export type NewIdAt<Prefix extends IdPrefix = IdPrefix> = (prefix: Prefix, timeMs: number) => string;

/** Creates ids of the given time, which need not grow from one to the next. */
export function createIdsAt(fillRandom?: FillRandom): NewIdAt {
  const uuidAt = createUuidsAt(fillRandom);
  return (prefix, timeMs) => `${prefix}-${uuidAt(timeMs)}`;
}
