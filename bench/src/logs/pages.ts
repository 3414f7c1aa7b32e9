import { idBound, type LogFilter } from "@jifen/database";
import type { Bench, Part } from "../bench.ts";
import { Comparison, type Row } from "../comparison.ts";
import { runCallers } from "../load/callers.ts";
import { type Filled, type FilledKind, openFilled } from "./filled.ts";
import { actionAt, logSpread, USERS, userAt } from "./log-workload.ts";

const PAGE = 50;
const PAGE_MS = 25;
const SCAN_MS = 100;

type Question = { readonly says: string; readonly filter: () => LogFilter };

const busiest = { userId: userAt(0) };
const anyUser = () => ({ userId: userAt(Math.floor(Math.random() * USERS)) });

/** Pages that an index answers. @param deep a random place in the year */
const pages = (deep: () => { readonly beforeId: string }, subject: () => string): readonly Question[] => [
  { says: "first page, busiest user", filter: () => busiest },
  { says: "deep page, busiest user", filter: () => ({ ...busiest, ...deep() }) },
  { says: "first page, any user", filter: anyUser },
  { says: "deep page, any user", filter: () => ({ ...anyUser(), ...deep() }) },
  { says: "first page of a frequent action, busiest user", filter: () => ({ ...busiest, action: actionAt(3) }) },
  { says: "deep page of a rare action, busiest user", filter: () => ({ ...busiest, action: actionAt(29), ...deep() }) },
  { says: "first page of an action, any user", filter: () => ({ ...anyUser(), action: actionAt(3) }) },
  { says: "first page of failures, busiest user", filter: () => ({ ...busiest, success: false }) },
  { says: "deep page of failures, busiest user", filter: () => ({ ...busiest, success: false, ...deep() }) },
  { says: "logs of a transaction", filter: () => ({ subjectId: subject() }) },
  { says: "first page, all users", filter: () => ({}) },
  { says: "deep page, all users", filter: deep },
];

const scans: readonly Question[] = [
  { says: "a search of the busiest user that finds nothing", filter: () => ({ ...busiest, text: "没有这个词" }) },
  { says: "a search of all users that finds nothing", filter: () => ({ text: "没有这个词" }) },
];

/** Transactions that some logs name. */
async function subjectsOf({ raw, fromMs, toMs }: Filled): Promise<readonly string[]> {
  const samples = Array.from({ length: 50 }, async () => {
    const timeMs = Math.floor(fromMs + Math.random() * (toMs - fromMs) * 0.99);
    const found = await raw.rows(`SELECT subject_id FROM call_logs
      WHERE counted_at_ms >= ${timeMs} AND subject_id IS NOT NULL ORDER BY counted_at_ms LIMIT 10`);
    return found.map((row) => String(row["subject_id"]));
  });
  return (await Promise.all(samples)).flat();
}

/** Pages of 50 logs, each within some milliseconds, and compared with counting the logs. */
const createPart = (kind: FilledKind, database: string): Part => ({
  name: `pages-${kind}`,
  says: `pages of ${PAGE} logs on ${database}, compared with counting the logs`,
  run: async (bench) => {
    const filled = await openFilled(bench, kind);
    if (filled) await measurePages(bench, filled, { part: `pages-${kind}`, database });
  },
});

async function measurePages(bench: Bench, filled: Filled, of: { part: string; database: string }): Promise<void> {
  const { fromMs, toMs, opened, raw } = filled;
  const subjects = await subjectsOf(filled);
  const comparison = new Comparison(bench, of.part);
  const ask = (says: string, run: () => Promise<unknown>): Row =>
    comparison.add({
      ...{ what: "read logs", spread: logSpread, subject: says, atOnce: 1 },
      run: () => runCallers({ callers: 1, seconds: bench.options.seconds }, () => run().then(() => "done" as const)),
    });
  const deep = () => ({ beforeId: idBound(Math.floor(fromMs + Math.random() * (toMs - fromMs))) });
  const anySubject = () => subjects[Math.floor(Math.random() * subjects.length)] ?? "txn-none";
  const rows = pages(deep, anySubject).map(({ says, filter }) => {
    const row = ask(says, () => opened.logs.list(filter(), PAGE));
    comparison.expectMs([row, "p95Ms"], { says: `${says}: p95`, limit: PAGE_MS });
    return row;
  });
  for (const { says, filter } of scans) {
    const row = ask(says, () => opened.logs.list(filter(), PAGE));
    comparison.expectMs([row, "p95Ms"], { says: `${says}: p95`, limit: SCAN_MS });
  }
  const ofUser = ask("COUNT(*) of the busiest user", () =>
    raw.rows(`SELECT count(*) FROM call_logs WHERE user_id = '${busiest.userId}'`),
  );
  const ofAll = ask("COUNT(*) of all", () => raw.rows("SELECT count(*) FROM call_logs"));
  const [first] = rows as [Row, ...Row[]];
  const says = `${first.subject}: rate`;
  comparison.expectRate(first, [ofUser], { says, baseline: "COUNT(*) of the user", limit: 50 });
  comparison.expectRate(first, [ofAll], { says, baseline: "COUNT(*) of all", limit: 500 });
  await comparison.measure();
}

/** Reading on the databases whose plans differ most. */
export const pagesParts: readonly Part[] = [createPart("postgresql", "PostgreSQL"), createPart("sqlite", "SQLite")];
