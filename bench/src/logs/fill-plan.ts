import { DURATION_CLASSES, idBound, QUARTER_MS } from "@jifen/database";

const DAY_MS = 86_400_000;

/** The details of each filled log: 120 bytes. */
export const filledDetails = JSON.stringify({
  prompt: "a cat that runs through snow, cinematic",
  model: "video-2",
  size: "1280x720",
  seconds: 5,
  seed: 1_234_567_890_123,
});

/** The logs of one month. */
export type FillMonth = {
  /** Such as `2026_11`. */
  readonly name: string;
  /** The ids of the whole month, the end exclusive. */
  readonly beginId: string;
  readonly endId: string;
  /** The logs, evenly from `fromMs` to `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly rows: number;
};

/** A year of logs that ends now. */
export type FillPlan = { readonly fromMs: number; readonly toMs: number; readonly months: readonly FillMonth[] };

/** Distributes logs evenly over a year that ends now. */
export function planFill(rows: number, toMs = Date.now()): FillPlan {
  const fromMs = toMs - 365 * DAY_MS;
  const first = new Date(fromMs);
  const beginOf = (month: number) => Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month);
  const rowsBefore = (timeMs: number) => Math.round((rows * (timeMs - fromMs)) / (toMs - fromMs));
  const months = Array.from({ length: 13 }, (_, month): FillMonth => {
    const begin = new Date(beginOf(month));
    const [monthFromMs, monthToMs] = [Math.max(fromMs, beginOf(month)), Math.min(toMs, beginOf(month + 1))];
    return {
      name: `${begin.getUTCFullYear()}_${String(begin.getUTCMonth() + 1).padStart(2, "0")}`,
      ...{ beginId: idBound(beginOf(month)), endId: idBound(beginOf(month + 1)) },
      ...{ fromMs: monthFromMs, toMs: monthToMs, rows: rowsBefore(monthToMs) - rowsBefore(monthFromMs) },
    };
  });
  return { fromMs, toMs, months: months.filter((month) => month.rows > 0) };
}

/** The upper bounds of the duration classes but the last, in milliseconds. */
const bounds = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200].map((s) => s * 1_000);

/** The counts of rows in SQL, as the columns of the tables of sums have them. */
export const countsOfRows = [
  "count(*)",
  "count(*) FILTER (WHERE NOT success)",
  "count(duration_ms)",
  "coalesce(sum(duration_ms), 0)",
  ...Array.from({ length: DURATION_CLASSES }, (_, at) => `nullif(count(*) FILTER (WHERE class = ${at}), 0)`),
];

/** The class of the duration of each row. */
export const durationClass = {
  postgresql: `width_bucket(duration_ms - 1, '{${bounds.join(",")}}'::integer[])`,
  sqlite: `CASE WHEN duration_ms IS NULL THEN NULL ${bounds.map((bound, at) => `WHEN duration_ms <= ${bound} THEN ${at}`).join(" ")} ELSE ${bounds.length} END`,
} as const;

/** The sums of the rows of a table, without the code that is measured. */
export const sumsOfRows = (owner: "user_id" | "0", table: string, kind: keyof typeof durationClass): string => `
  SELECT ${owner}, quarter, action, ${countsOfRows.join(", ")}
  FROM (SELECT *, CAST(counted_at_ms / ${QUARTER_MS} AS integer) AS quarter, ${durationClass[kind]} AS class FROM ${table}) AS log
  GROUP BY ${owner === "0" ? "" : "1, "}2, 3 ORDER BY 1, 2, 3`;
