import { type Database, openDatabase } from "@jifen/database";
import { type LogBaseline, openMysqlLogs, openPostgresqlLogs, openSqliteLogs } from "../baselines/logs.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { runCallers } from "../load/callers.ts";
import { checkLogs } from "./check-logs.ts";
import { logSpread, randomLog } from "./log-workload.ts";
import type { SqlKind } from "./raw-logs.ts";

/** As many wait as under load. */
const WAITING = 1_024;

type Expectation = {
  /** Waits with the callers of this baseline. */
  readonly open: (url: string) => LogBaseline;
  readonly callers: number;
  readonly limit: number;
};

/** Logs written together, with keys, rows and sums, compared with one write for each log on the same tables. */
const createPart = (kind: SqlKind, database: string, expectations: readonly Expectation[]): Part => ({
  name: kind,
  says: `logs in this process on ${database}: batches with keys, rows and sums, compared with a write for each log`,
  run: async (bench) => {
    if (!(await bench.databases.has(kind))) return;
    const { url } = await bench.databases.create(kind);
    const opened = await openDatabase(url);
    const comparison = new Comparison(bench, kind);
    const baselines = expectations.map(({ open, callers, limit }) => {
      const baseline = open(url);
      const row = comparison.add({
        ...{ what: "write a log", spread: logSpread, subject: baseline.name, atOnce: callers },
        run: () =>
          runCallers({ callers, seconds: bench.options.seconds }, () => baseline.write(randomLog()).then(done)),
      });
      return { baseline, row, limit };
    });
    const comparedWith = Object.fromEntries(baselines.map(({ baseline, row }) => [baseline.name, [row]]));
    const batches = comparison.add({
      ...{ what: "write a log", spread: logSpread, subject: `batches on ${database}`, atOnce: WAITING, comparedWith },
      run: () => writeLogs(opened, bench),
    });
    for (const { baseline, row, limit } of baselines) {
      const says = `${WAITING} waiting: logs per second`;
      comparison.expectRate(batches, [row], { says, baseline: baseline.name, limit });
    }
    await comparison.measure();
    await Promise.all(baselines.map(({ baseline }) => baseline.close()));
    bench.checkAtEnd(async () => {
      await checkLogs(bench, { kind, url, which: "keyed" });
      await opened.close();
    });
  },
});

const done = () => "done" as const;

const writeLogs = ({ logs }: Pick<Database, "logs">, { options: { seconds } }: Bench) =>
  runCallers({ callers: WAITING, seconds }, () => logs.write([randomLog()]).then(done));

/** Writing on each database. */
export const writeParts: readonly Part[] = [
  createPart("postgresql", "PostgreSQL", [
    { open: (url) => openPostgresqlLogs(url, "row"), callers: 64, limit: 4 },
    { open: (url) => openPostgresqlLogs(url, "everything"), callers: 64, limit: 10 },
  ]),
  createPart("mysql", "MySQL or MariaDB", [{ open: openMysqlLogs, callers: 64, limit: 4 }]),
  createPart("sqlite", "SQLite", [{ open: openSqliteLogs, callers: 1, limit: 3 }]),
];
