import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { MongoConnection } from "./connection.ts";

/** How long the lock of a process that has died keeps others waiting. */
const LEASE_SECONDS = 30;
/** How long one waits for another that lives: indexes over many documents take their time. */
const WAIT_WITHIN_MS = 30 * 60_000;
const LOCK = { _id: "lock" };

/** Runs `work` as the only process of all; the others wait. The server's clock says when a lock is over. */
export async function underLock<Result>(connection: MongoConnection, work: () => Promise<Result>): Promise<Result> {
  const holder = randomUUID();
  const end = performance.now() + WAIT_WITHIN_MS;
  while (!(await take(connection, holder))) {
    if (performance.now() > end) throw new DatabaseUnavailable("another process has been migrating for too long");
    await sleep(100);
  }
  // What is renewed too late was somebody else's for a while: every migration may be done twice.
  const renewing = setInterval(() => void take(connection, holder).catch(() => undefined), (LEASE_SECONDS / 3) * 1_000);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await connection
      .collection("jifen_migrations")
      .deleteOne({ ...LOCK, holder })
      .catch(() => undefined);
  }
}

/** Takes the lock, or keeps it for longer. @returns false when somebody else has it. */
async function take(connection: MongoConnection, holder: string): Promise<boolean> {
  const isFree = { $or: [{ $eq: ["$holder", holder] }, { $lte: [{ $ifNull: ["$until", "$$NOW"] }, "$$NOW"] }] };
  const until = { $dateAdd: { startDate: "$$NOW", unit: "second", amount: LEASE_SECONDS } };
  const ifFree = (then: unknown, otherwise: string) => ({ $cond: [isFree, then, otherwise] });
  const lock = await connection
    .collection("jifen_migrations")
    .findOneAndUpdate(LOCK, [{ $set: { holder: ifFree(holder, "$holder"), until: ifFree(until, "$until") } }], {
      upsert: true,
      returnDocument: "after",
    });
  return lock?.["holder"] === holder;
}
