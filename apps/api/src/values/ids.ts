import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const BYTES_EACH = 16;
/** Random bytes are fetched for so many at once: a trip to the operating system for each costs more than all the rest. */
const FETCHED_AT_ONCE = 256;

/** Makes time-ordered UUIDs (RFC 9562, version 7), each greater than the one before. */
export function createUuids(nowMs: () => number): () => string {
  const pool = new Uint8Array(FETCHED_AT_ONCE * BYTES_EACH);
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
    // Within a millisecond they are counted, from a random start with room for two thousand million more.
    const isLater = msecs > last.msecs;
    last = isLater
      ? { msecs, seq: new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1 }
      : { ...last, seq: last.seq + 1 };
    return v7({ random, ...last });
  };
}

/** Ids that say what they name and grow with time: `<prefix>-` and such a UUID. */
export function createIds(nowMs: () => number): (prefix: string) => string {
  const newUuid = createUuids(nowMs);
  return (prefix) => `${prefix}-${newUuid()}`;
}
