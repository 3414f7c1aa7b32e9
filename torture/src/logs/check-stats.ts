import type { JournalRow } from "@jifen/testkit/ledger-model";
import { checkSpans, checkSums, type StatsSpan, timeZones } from "@jifen/testkit/log-model";
import { type Reader, readJson, type ShownLog } from "./read-logs.ts";

const DAY_MS = 86_400_000;
/** How many days before today a range begins. */
const groupings = [
  { groupBy: "hour", days: 20 },
  { groupBy: "day", days: 33 },
  { groupBy: "month", days: 90 },
] as const;

/** Compares sums by hour, day and month in each time zone with a scan of all logs and entries of the user. */
export async function checkStats(
  reader: Reader,
  { logs, journal }: { readonly logs: readonly ShownLog[]; readonly journal: readonly JournalRow[] },
): Promise<readonly string[]> {
  const rows = { logs: logs.map((log) => ({ ...log, countedAtMs: Date.parse(log.countedAt) })), journal };
  const findings: string[] = [];
  for (const timeZone of timeZones) {
    for (const { groupBy, days } of groupings) {
      const date = (ofDays: number) => new Date(Date.now() + ofDays * DAY_MS).toISOString().slice(0, 10);
      for (const by of ["by=action", ""]) {
        const query = `from=${date(-days)}&to=${date(3)}&tz=${timeZone}&groupBy=${groupBy}&${by}`;
        const { spans }: { spans: readonly StatsSpan[] } = await readJson(reader, `/logs/stats?${query}`);
        const found = [...checkSpans(spans, { groupBy, timeZone }), ...spans.flatMap((span) => checkSums(span, rows))];
        findings.push(...found.slice(0, 3).map((finding) => `${query} of ${reader.user.email}: ${finding}`));
      }
    }
  }
  return findings;
}
