import { type Database, openDatabase } from "@jifen/database";
import type { Bench } from "../bench.ts";
import { number } from "../workload.ts";
import { checkLogs } from "./check-logs.ts";
import { type FillPlan, planFill } from "./fill-plan.ts";
import { fillPostgresql } from "./fill-postgresql.ts";
import { fillSqlite } from "./fill-sqlite.ts";
import { openRawLogs, type RawLogs } from "./raw-logs.ts";

/** The databases that are filled. */
export type FilledKind = "postgresql" | "sqlite";

/** A database with a year of logs. */
export type Filled = FillPlan & {
  readonly url: string;
  readonly opened: Database;
  readonly raw: RawLogs;
  /** How many of its logs were removed since; their sums stay. */
  readonly removed: { logs: number };
};

const fillers = { postgresql: fillPostgresql, sqlite: fillSqlite } as const;

/** Opens the database with a year of logs, which all parts of a run share. Undefined where there is no such database. */
export async function openFilled(bench: Bench, kind: FilledKind): Promise<Filled | undefined> {
  if (!(await bench.databases.has(kind))) return undefined;
  return bench.once(`filled ${kind}`, async () => {
    const { options, report, databases } = bench;
    const { url } = await databases.create(kind);
    await (await openDatabase(url)).close();
    const plan = planFill(options.rows);
    report.progress(`  filling ${number(options.rows)} logs`);
    const beganMs = performance.now();
    await fillers[kind](bench, url, plan);
    const seconds = (performance.now() - beganMs) / 1_000;
    report.remark(`${kind}: ${number(options.rows)} logs of a year and their sums, filled in ${seconds.toFixed(0)} s`);
    const removed = { logs: 0 };
    const [opened, raw] = [await openDatabase(url), await openRawLogs(kind, url)];
    // The thread of SQLite starts at the first call.
    await opened.logs.list({}, 1);
    bench.checkAtEnd(async () => {
      await Promise.all([opened.close(), raw.close()]);
      await checkLogs(bench, { kind, url, which: "all", removed: removed.logs });
    });
    return { ...plan, url, opened, raw, removed };
  });
}
