"use client";

import { useErrorText, useTimeText, useUsage, useWords } from "@jifen/client/react";

const words = {
  zh: {
    title: "每日用量",
    total: (days: number, credits: number) => `最近 ${days} 天使用了 ${credits} 积分`,
    table: "以表格显示",
    day: "日期",
    credits: "积分",
  },
  en: {
    title: "Usage by day",
    total: (days: number, credits: number) => `${credits} credits were spent in the last ${days} days`,
    table: "Show as a table",
    day: "Day",
    credits: "Credits",
  },
};

type UsageChartProps = {
  /** At most 92. */
  days?: number;
  /** The time zone of the days; the browser's if left out. */
  tz?: string;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** The height of the tallest bar, and the width of a bar with its gap, in units of the picture. */
const HEIGHT = 40;
const BAR = 4;

/** What was spent on each of the last days, as bars and as a table. */
export function UsageChart({ days = 30, tz, words: changed, className = "" }: UsageChartProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const time = useTimeText();
  const { data, error } = useUsage(lastDays(days, tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone));
  const key = data?.groups[0]?.key ?? "all";
  const points = data?.points.map(({ at, values }) => ({ at, credits: values[key] ?? 0 })) ?? [];
  const most = Math.max(1, ...points.map(({ credits }) => credits));
  const total = points.reduce((sum, { credits }) => sum + credits, 0);
  return (
    <figure className={`rounded-xl border border-border bg-card p-5 text-card-foreground ${className}`}>
      <figcaption className="font-medium">{say.title}</figcaption>
      <p className="mt-1 min-h-5 text-sm text-muted-foreground">
        {data ? say.total(days, total) : error ? errorText(error) : "…"}
      </p>
      <svg
        role="img"
        aria-label={say.title}
        viewBox={`0 0 ${days * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-3 h-32 w-full border-b border-border text-primary"
      >
        {points.map(({ at, credits }, day) => {
          const height = (credits / most) * HEIGHT;
          return (
            <rect key={at} x={day * BAR} y={HEIGHT - height} width={BAR - 1} height={height} fill="currentColor">
              <title>{`${time(at, "date")}: ${credits}`}</title>
            </rect>
          );
        })}
      </svg>
      <details className="mt-3 text-sm">
        <summary className="cursor-pointer">{say.table}</summary>
        <table className="mt-2 w-full">
          <caption className="sr-only">{say.title}</caption>
          <thead>
            <tr className="text-muted-foreground">
              <th scope="col" className="text-left font-normal">
                {say.day}
              </th>
              <th scope="col" className="text-right font-normal">
                {say.credits}
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ at, credits }) => (
              <tr key={at}>
                <th scope="row" className="py-0.5 text-left font-normal">
                  {time(at, "date")}
                </th>
                <td className="py-0.5 text-right tabular-nums">{credits}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

const DAY_MS = 86_400_000;

/** The last days as a range of dates in a time zone; its end is not included. */
function lastDays(days: number, tz: string) {
  const today = Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: tz }).format(new Date()));
  const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { from: dateOf(today - (days - 1) * DAY_MS), to: dateOf(today + DAY_MS), tz };
}
