import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { MongoConnection } from "./pool.ts";

/** How long the lock of a dead process blocks others. */
const LEASE_SECONDS = 30;
/** How long to wait for a live process: building indexes over many documents takes time. */
const WAIT_TIMEOUT_MS = 30 * 60_000;
const LOCK = { _id: "lock" };

/** Runs `work` under a lease that one process can hold at a time. Expiry is decided by the clock of the server. */
export async function underLock<Result>(connection: MongoConnection, work: () => Promise<Result>): Promise<Result> {
  const holder = randomUUID();
  const deadline = performance.now() + WAIT_TIMEOUT_MS;
  while (!(await acquire(connection, holder))) {
    if (performance.now() > deadline) throw new DatabaseUnavailable("another process has been migrating for too long");
    await sleep(100);
  }
  // A late renewal means that another process held the lease meanwhile: migrations are safe to run twice.
  const renewal = setInterval(
    () => void acquire(connection, holder).catch(() => undefined),
    (LEASE_SECONDS / 3) * 1_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await connection
      .collection("jifen_migrations")
      .deleteOne({ ...LOCK, holder })
      .catch(() => undefined);
  }
}

/** Acquires or renews the lease. @returns false when another process holds it */
async function acquire(connection: MongoConnection, holder: string): Promise<boolean> {
  const isFree = { $or: [{ $eq: ["$holder", holder] }, { $lte: [{ $ifNull: ["$until", "$$NOW"] }, "$$NOW"] }] };
  const until = { $dateAdd: { startDate: "$$NOW", unit: "second", amount: LEASE_SECONDS } };
  const ifFree = (value: unknown, otherwise: string) => ({ $cond: [isFree, value, otherwise] });
  const lock = await connection
    .collection("jifen_migrations")
    .findOneAndUpdate(LOCK, [{ $set: { holder: ifFree(holder, "$holder"), until: ifFree(until, "$until") } }], {
      upsert: true,
      returnDocument: "after",
    });
  return lock?.["holder"] === holder;
}
