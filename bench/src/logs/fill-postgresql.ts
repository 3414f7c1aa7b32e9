import type { Bench } from "../bench.ts";
import { number } from "../workload.ts";
import { type FillMonth, type FillPlan, filledDetails, sumsOfRows } from "./fill-plan.ts";
import { actionShares, DURATION_EXPONENT, FAILURES, SHORTEST_MS, userShares, WITH_SUBJECT } from "./log-workload.ts";
import { openRawLogs } from "./raw-logs.ts";

const bytes = Buffer.byteLength(filledDetails);
const pick = (shares: readonly number[]) => `width_bucket(random(), '{${shares.join(",")}}'::float8[])`;

/** Rows in the order of their time, as they arrive. Their indexes are built when the month becomes a partition. */
const rowsOf = ({ fromMs, toMs, rows }: FillMonth): string => `
  SELECT 'user' || ${pick(userShares)} || '@bench.example', 'log-' || substr(hex, 1, 8) || '-' || substr(hex, 9) || '-7' || substr(gen_random_uuid()::text, 16),
    at, 'action_' || ${pick(actionShares)}, random() >= ${FAILURES}, round(${SHORTEST_MS} * exp(random() * ${DURATION_EXPONENT}))::integer,
    CASE WHEN random() < ${WITH_SUBJECT} THEN 'txn-' || gen_random_uuid() END, NULL, '${filledDetails}', ${bytes}, at, at
  FROM (SELECT at, lpad(to_hex(at), 12, '0') AS hex
    FROM (SELECT ${fromMs} + n * ${toMs - fromMs}::bigint / ${rows} AS at FROM generate_series(0::bigint, ${rows - 1}) AS n) AS times) AS ids`;

/** Fills PostgreSQL month by month, in SQL: a million logs take a fraction of a minute. */
export async function fillPostgresql({ report }: Bench, url: string, { months }: FillPlan): Promise<void> {
  const raw = await openRawLogs("postgresql", url);
  const run = async (...statements: readonly string[]) => {
    for (const sql of statements) await raw.rows(sql);
  };
  await run("SET synchronous_commit = off", "SET work_mem = '256MB'", "SET maintenance_work_mem = '512MB'");
  // Their keys are built from all rows at the end.
  await run("ALTER TABLE log_rollups DROP CONSTRAINT log_rollups_pkey");
  for (const month of months) {
    const table = `call_logs_${month.name}`;
    await run(
      `DROP TABLE IF EXISTS ${table}`,
      `CREATE TABLE ${table} (LIKE call_logs INCLUDING CONSTRAINTS)`,
      `INSERT INTO ${table} ${rowsOf(month)}`,
      `INSERT INTO log_rollups ${sumsOfRows("user_id", table, "postgresql")}`,
      // No quarter is in two months.
      `INSERT INTO log_totals ${sumsOfRows("0", table, "postgresql")}`,
      `ALTER TABLE call_logs ATTACH PARTITION ${table} FOR VALUES FROM ('${month.beginId}') TO ('${month.endId}')`,
    );
    report.progress(`  ${month.name}: ${number(month.rows)} logs`);
  }
  await run("ALTER TABLE log_rollups ADD PRIMARY KEY (user_id, quarter, action)");
  await run("VACUUM ANALYZE call_logs", "VACUUM ANALYZE log_rollups", "VACUUM ANALYZE log_totals", "CHECKPOINT");
  await raw.close();
}
