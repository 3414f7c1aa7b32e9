/** Zones whose days begin at half hours and quarters of UTC, whose clocks change by half an hour, or change at midnight. */
export const timeZones = [
  ...(["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu"] as const),
  ...(["Australia/Lord_Howe", "America/Santiago", "Pacific/Chatham"] as const),
];

/** A span of the sums, as the API shows it. */
export type StatsSpan = {
  readonly from: string;
  readonly to: string;
  readonly action: string | null;
  readonly calls: number;
  readonly failures: number;
  readonly durationAvgMs: number | null;
  readonly durationP95Ms: number | null;
  readonly charges: number;
  readonly charged: number;
  readonly refunded: number;
  readonly credits: number;
};

type Log = {
  readonly countedAtMs: number;
  readonly action: string;
  readonly success: boolean;
  readonly durationMs: number | null;
};
type Entry = {
  readonly createdAtMs: number;
  readonly action: string;
  readonly kind: string;
  readonly amount: number;
};

/** All that the sums are made of: the logs and the journal. */
export type StatsRows = { readonly logs: readonly Log[]; readonly journal: readonly Entry[] };

/** How many characters of a local time name its unit. */
const digits = { hour: 13, day: 10, month: 7 } as const;

/** Checks that each span is one local unit, and that the next one begins where it ends. @returns the findings */
export function checkSpans(
  spans: readonly StatsSpan[],
  { timeZone, groupBy }: { readonly timeZone: string; readonly groupBy: keyof typeof digits },
): readonly string[] {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23" },
    timeZoneName: "longOffset",
  });
  // An hour that the clock repeats is two spans, which differ by their offset.
  const unitAt = (timeMs: number) => {
    const text = format.format(timeMs);
    return groupBy === "hour" ? text : text.slice(0, digits[groupBy]);
  };
  return [...Map.groupBy(spans, ({ action }) => action).values()].flatMap((own) =>
    own.flatMap(({ from, to }, at) => {
      const [fromMs, toMs, next] = [Date.parse(from), Date.parse(to), own[at + 1]];
      const isWhole = unitAt(fromMs) === unitAt(toMs - 1) && (at === 0 || unitAt(fromMs) !== unitAt(fromMs - 1));
      return isWhole && (!next || next.from === to) ? [] : [`the span from ${from} to ${to} is no local ${groupBy}`];
    }),
  );
}

/** The upper bounds of the classes of durations. */
const upperBoundsMs = [
  ...[100, 250, 500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000, 45_000, 60_000, 90_000],
  ...[120_000, 180_000, 300_000, 600_000, 1_200_000, 86_400_000],
];
const classOf = (durationMs: number) => upperBoundsMs.findIndex((bound) => durationMs <= bound);

/** Compares a span with a scan of all rows; the 95th percentile has to be in the class of the exact one. @returns the findings */
export function checkSums(span: StatsSpan, { logs, journal }: StatsRows): readonly string[] {
  const { from, to, action, durationP95Ms } = span;
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const isIn = (timeMs: number, of: string) => timeMs >= fromMs && timeMs < toMs && (action ?? of) === of;
  const own = logs.filter((log) => isIn(log.countedAtMs, log.action));
  const durations = own.flatMap(({ durationMs }) => durationMs ?? []).toSorted((one, other) => one - other);
  const entries = journal.filter((entry) => isIn(entry.createdAtMs, entry.action));
  const charges = entries.filter(({ kind }) => kind === "consume" || kind === "capture");
  const [charged, refunded] = [sumOf(charges), sumOf(entries.filter(({ kind }) => kind === "refund"))];
  const expected = {
    ...{ calls: own.length, failures: own.filter(({ success }) => !success).length },
    durationAvgMs: durations.length === 0 ? null : Math.round(durations.reduce((a, b) => a + b, 0) / durations.length),
    ...{ charges: charges.length, charged, refunded, credits: charged - refunded },
  };
  const names = Object.keys(expected) as (keyof typeof expected)[];
  const found = Object.fromEntries(names.map((name) => [name, span[name]]));
  const [shown, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
  if (shown !== wanted) return [`${action} from ${from} to ${to} is ${shown} instead of ${wanted}`];
  const p95 = durations[Math.ceil(durations.length * 0.95 - 1e-9) - 1];
  const isInClass = p95 === undefined ? durationP95Ms === null : classOf(durationP95Ms ?? -1) === classOf(p95);
  return isInClass ? [] : [`${action} from ${from} to ${to} has the p95 ${durationP95Ms} instead of ${p95}`];
}

const sumOf = (entries: readonly Entry[]) => entries.reduce((sum, { amount }) => sum + amount, 0);
