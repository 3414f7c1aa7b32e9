import { type Database, type LogFilter, openDatabase } from "@jifen/database";
import type { Part } from "../bench.ts";
import { Comparison, type Row } from "../comparison.ts";
import type { Kind } from "../databases.ts";
import { runCallers } from "../load/callers.ts";
import { number } from "../workload.ts";
import { actionAt, logSpread, randomLog, userAt } from "./log-workload.ts";
import { askLogs } from "./raw-logs.ts";

const PAGE = 50;
const DAY_MS = 86_400_000;
const IN_BATCH = 500;

/** Logs of the last eleven months, so that the present month is new and nearly empty. */
async function fill({ logs }: Pick<Database, "logs">, rows: number): Promise<void> {
  const [fromMs, toMs] = [Date.now() - 340 * DAY_MS, Date.now()];
  const timeOf = (n: number) => Math.floor(fromMs + ((toMs - fromMs) * n) / rows);
  await logs.makePlaces(
    toMs,
    Array.from({ length: 12 }, (_, month) => fromMs + month * 30 * DAY_MS),
  );
  for (let from = 0; from < rows; from += 4 * IN_BATCH) {
    const lanes = Array.from({ length: 4 }, (_, lane) => from + lane * IN_BATCH).filter((first) => first < rows);
    await Promise.all(
      lanes.map((first) =>
        logs.write(Array.from({ length: Math.min(IN_BATCH, rows - first) }, (_, n) => randomLog(timeOf(first + n)))),
      ),
    );
  }
}

type Question = { readonly says: string; readonly filter: () => LogFilter };

const anyUser = () => userAt(Math.floor(Math.random() * 5_000));

const questions: readonly Question[] = [
  { says: "first page, busiest user", filter: () => ({ userId: userAt(0) }) },
  { says: "first page, any user", filter: () => ({ userId: anyUser() }) },
  { says: "an action, busiest user", filter: () => ({ userId: userAt(0), action: actionAt(3) }) },
  { says: "failures, busiest user", filter: () => ({ userId: userAt(0), success: false }) },
  { says: "first page, all users", filter: () => ({}) },
  { says: "a search that finds nothing", filter: () => ({ userId: userAt(0), text: "没有这个词" }) },
];

/** Pages of 50 logs, compared with counting. */
const createPart = (kind: Kind, database: string): Part => ({
  name: `pages-${kind}`,
  says: `pages of ${PAGE} logs on ${database}, compared with counting the logs`,
  run: async (bench) => {
    if (!(await bench.databases.has(kind))) return;
    const { url } = await bench.databases.create(kind);
    const opened = await openDatabase(url);
    bench.report.progress(`  writing ${number(bench.options.rows)} logs`);
    await fill(opened, bench.options.rows);
    const comparison = new Comparison(bench, `pages-${kind}`);
    const ask = (says: string, run: () => Promise<unknown>): Row =>
      comparison.add({
        ...{ what: says, spread: logSpread, subject: database, atOnce: 1 },
        run: () => runCallers({ callers: 1, seconds: bench.options.seconds }, () => run().then(() => "done" as const)),
      });
    const rows = questions.map(({ says, filter }) => ask(says, () => opened.logs.list(filter(), PAGE)));
    const counting = (where: string) => () => askLogs(kind, url, `SELECT count(*) FROM call_logs${where}`);
    const ofUser = ask("COUNT(*) of the busiest user", counting(` WHERE user_id = '${userAt(0)}'`));
    const ofAll = ask("COUNT(*) of all", counting(""));
    const [first] = rows as [Row, ...Row[]];
    comparison.expectRate(first, [ofUser], {
      says: "first page, busiest user",
      baseline: "COUNT(*) of the user",
      limit: 50,
    });
    comparison.expectRate(first, [ofAll], {
      says: "first page, busiest user",
      baseline: "COUNT(*) of all",
      limit: 500,
    });
    await comparison.measure();
    await opened.close();
  },
});

/** Reading on the databases whose plans differ most. */
export const pagesParts: readonly Part[] = [createPart("postgresql", "PostgreSQL"), createPart("sqlite", "SQLite")];
