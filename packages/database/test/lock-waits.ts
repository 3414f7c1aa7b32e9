import { setTimeout as sleep } from "node:timers/promises";
import type { RawSql } from "./raw-sql.ts";

/** Resolves when this many connections of Jifen to a PostgreSQL wait for a lock. */
export async function untilLockWaits(sql: RawSql, count: number): Promise<void> {
  const waiting =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jifen' AND wait_event_type = 'Lock'";
  while ((await sql.query(waiting)).length < count) await sleep(5);
}

/** How many transactions PostgreSQL has ended because of a deadlock. A connection reports its own when it ends. */
export async function readDeadlocks(sql: RawSql): Promise<number> {
  const [row] = await sql.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  return Number(row?.["deadlocks"]);
}
