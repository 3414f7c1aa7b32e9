import { idBound, percentile, QUARTER_MS, quarterOf } from "@jifen/database";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { runCallers } from "../load/callers.ts";
import { countsOfRows, durationClass } from "./fill-plan.ts";
import { type Filled, type FilledKind, openFilled } from "./filled.ts";
import { logSpread, userAt } from "./log-workload.ts";

const DAYS = 30;
const DAY_SECONDS = 86_400;
const QUARTERS_A_DAY = 96;
const SUMS_MS = 300;

/** Neither zone had another offset in the year. */
const zones = [
  { zone: "Asia/Shanghai", offsetSeconds: 28_800 },
  { zone: "Asia/Kathmandu", offsetSeconds: 20_700 },
] as const;

type Zone = (typeof zones)[number];

const subjects = [
  { says: "all users", userId: undefined, times: 5 },
  { says: "the busiest user", userId: userAt(0), times: 2 },
] as const;

type Subject = (typeof subjects)[number];

/** The last 30 local days that have ended, in quarters of an hour. */
function rangeOf({ offsetSeconds }: Zone) {
  const today = Math.floor((Date.now() / 1_000 + offsetSeconds) / DAY_SECONDS);
  const toQuarter = today * QUARTERS_A_DAY - offsetSeconds / 900;
  return { fromQuarter: toQuarter - DAYS * QUARTERS_A_DAY, toQuarter };
}

/** A day and action: calls, failures, durations and their sum, then the classes and the 95th percentile. */
type Cell = readonly [key: string, ...figures: (number | null)[]];

const cellOf = (key: string, figures: readonly number[]): Cell => [key, ...figures, percentile(figures.slice(4), 0.95)];

async function fromSums({ opened }: Filled, zone: Zone, { userId }: Subject): Promise<readonly Cell[]> {
  const offsets = [{ untilQuarter: quarterOf(Date.now()) + 1, offsetSeconds: zone.offsetSeconds }];
  const query = { ...rangeOf(zone), userId, byAction: true, unitSeconds: DAY_SECONDS, offsets } as const;
  const sums = await opened.logs.sums(query);
  return sums.map(({ unit, action, calls, failures, timed, durationSumMs, classes }) =>
    cellOf(`${unit} ${action}`, [calls, failures, timed, durationSumMs, ...classes.map(Number)]),
  );
}

/** The same by reading the rows, in one statement without the code that is measured. */
async function fromRows(kind: FilledKind, { raw }: Filled, [zone, { userId }]: readonly [Zone, Subject]) {
  const { fromQuarter, toQuarter } = rangeOf(zone);
  const found = await raw.rows(`
    SELECT unit, action, ${countsOfRows.map((count, at) => `${count} AS c${at}`).join(", ")}
    FROM (SELECT *, (counted_at_ms + ${zone.offsetSeconds * 1_000}) / ${DAY_SECONDS * 1_000} AS unit, ${durationClass[kind]} AS class
      FROM call_logs WHERE ${rangeOfRows(fromQuarter, toQuarter, userId)}) AS log
    GROUP BY 1, 2`);
  return found.map((row) =>
    cellOf(
      `${row["unit"]} ${row["action"]}`,
      countsOfRows.map((_, at) => Number(row[`c${at}`] ?? 0)),
    ),
  );
}

function rangeOfRows(fromQuarter: number, toQuarter: number, userId: string | undefined): string {
  const [fromMs, toMs] = [fromQuarter * QUARTER_MS, toQuarter * QUARTER_MS];
  const owner =
    userId === undefined ? `counted_at_ms >= ${fromMs} AND counted_at_ms < ${toMs}` : `user_id = '${userId}'`;
  return `${owner} AND id >= '${idBound(fromMs)}' AND id < '${idBound(toMs)}'`;
}

/** Compares every day and action of the sums with the rows. */
async function checkSums({ report }: Bench, kind: FilledKind, filled: Filled): Promise<void> {
  for (const zone of zones) {
    for (const subject of subjects) {
      const [sums, rows] = [await fromSums(filled, zone, subject), await fromRows(kind, filled, [zone, subject])];
      const [one, other] = [sums, rows].map((cells) => cells.map((cell) => cell.join(" ")).sort());
      const sentence = `${kind}, ${zone.zone}, ${subject.says}: ${sums.length} sums of days and actions`;
      if (one?.join("\n") === other?.join("\n")) report.progress(`  ${sentence} equal those of the rows`);
      else report.finding(`${sentence}, which are not those of the rows`);
    }
  }
}

/** 30 days by day and action with percentiles, from the sums and from the rows, in two time zones in turn. */
const createPart = (kind: FilledKind, database: string): Part => ({
  name: `sums-${kind}`,
  says: `${DAYS} days by day and action on ${database}, compared with reading the rows`,
  run: async (bench) => {
    const filled = await openFilled(bench, kind);
    if (!filled) return;
    await checkSums(bench, kind, filled);
    const comparison = new Comparison(bench, `sums-${kind}`);
    for (const subject of subjects) {
      let runs = 0;
      const row = (says: string, read: (zone: Zone) => Promise<unknown>) =>
        comparison.add({
          ...{ what: `${DAYS} days by day and action, ${subject.says}`, spread: logSpread, subject: says, atOnce: 1 },
          run: () =>
            runCallers({ callers: 1, seconds: bench.options.seconds }, async () => {
              runs += 1;
              await read(zones[runs % 2] as Zone);
              return "done";
            }),
        });
      const scanned = row("from the rows", (zone) => fromRows(kind, filled, [zone, subject]));
      const summed = row("from the sums", (zone) => fromSums(filled, zone, subject));
      const says = `${DAYS} days by day and action of ${subject.says}, Shanghai and Kathmandu`;
      comparison.expectRate(summed, [scanned], {
        says: `${says}: rate`,
        baseline: "reading the rows",
        limit: subject.times,
      });
      if (subject.userId === undefined)
        comparison.expectMs([summed, "p50Ms"], { says: `${says}: median`, limit: SUMS_MS });
    }
    await comparison.measure();
  },
});

/** Sums on the databases that are filled. */
export const sumsParts: readonly Part[] = [createPart("postgresql", "PostgreSQL"), createPart("sqlite", "SQLite")];
