import Driver from "better-sqlite3";
import type { Bench } from "../bench.ts";
import { number } from "../workload.ts";
import { type FillMonth, type FillPlan, filledDetails, sumsOfRows } from "./fill-plan.ts";
import { randomLog } from "./log-workload.ts";
import { logFileOf } from "./raw-logs.ts";

const bytes = Buffer.byteLength(filledDetails);
const columns =
  "user_id, id, counted_at_ms, action, success, duration_ms, subject_id, reference, details, details_bytes, occurred_at_ms, created_at_ms";

function* rowsOf({ fromMs, toMs, rows }: FillMonth): Generator<readonly unknown[]> {
  for (let n = 0; n < rows; n += 1) {
    const log = randomLog(Math.floor(fromMs + (n * (toMs - fromMs)) / rows));
    const { userId, id, countedAtMs, action, success, durationMs, subjectId } = log;
    const shown = [userId, id, countedAtMs, action, Number(success), durationMs, subjectId, null];
    yield [...shown, filledDetails, bytes, countedAtMs, countedAtMs];
  }
}

/** Fills the file of the logs without waiting for the disk. Indexes are built from all rows at the end. */
export async function fillSqlite({ report }: Bench, url: string, { months }: FillPlan): Promise<void> {
  const connection = new Driver(logFileOf(url));
  connection.pragma("journal_mode = OFF");
  connection.pragma("synchronous = OFF");
  // The primary key of logs is filled in the order of time, which needs all of its pages.
  connection.pragma("cache_size = -2000000");
  const indexes = connection
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'call_logs' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of indexes) connection.exec(`DROP INDEX ${name}`);
  const insert = connection.prepare(`INSERT INTO call_logs (${columns}) VALUES (${columns.replaceAll(/\w+/g, "?")})`);
  const fill = connection.transaction((month: FillMonth) => {
    for (const row of rowsOf(month)) insert.run(row);
  });
  for (const month of months) {
    fill(month);
    report.progress(`  ${month.name}: ${number(month.rows)} logs`);
  }
  for (const { sql } of indexes) connection.exec(sql);
  connection.exec(`INSERT INTO log_rollups ${sumsOfRows("user_id", "call_logs", "sqlite")}`);
  connection.exec(`INSERT INTO log_totals ${sumsOfRows("0", "call_logs", "sqlite")}`);
  connection.pragma("journal_mode = WAL");
  connection.close();
}
