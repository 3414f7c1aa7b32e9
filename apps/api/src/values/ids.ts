import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const BYTES_EACH = 16;
/** Random bytes are fetched for many UUIDs together: a system call for each UUID would cost more than everything else. */
const UUIDS_PER_FETCH = 256;

/** Creates time-ordered UUIDs (RFC 9562, version 7), each greater than the one before. */
export function createUuids(nowMs: () => number): () => string {
  const pool = new Uint8Array(UUIDS_PER_FETCH * BYTES_EACH);
  let used = pool.length;
  let last = { msecs: Number.NEGATIVE_INFINITY, seq: 0 };

  const nextRandom = (): Uint8Array => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += BYTES_EACH;
    return pool.subarray(used - BYTES_EACH, used);
  };

  return () => {
    const random = nextRandom();
    const msecs = nowMs();
    // Within a millisecond a sequence counts up from a random start that leaves room for 2^31 more.
    const isLater = msecs > last.msecs;
    last = isLater
      ? { msecs, seq: new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1 }
      : { ...last, seq: last.seq + 1 };
    return v7({ random, ...last });
  };
}

/** Kinds of things that have an id. */
type IdPrefix = "log" | "txn" | "grant" | "hold" | "event" | "audit";

/** Returns `<prefix>-` and a time-ordered UUID (RFC 9562, version 7). */
export type NewId<Prefix extends IdPrefix = IdPrefix> = (prefix: Prefix) => string;

/** Creates ids that name the kind of their thing and grow with time. */
export function createIds(nowMs: () => number): NewId {
  const newUuid = createUuids(nowMs);
  return (prefix) => `${prefix}-${newUuid()}`;
}
