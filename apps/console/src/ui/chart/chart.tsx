import { lazy, Suspense } from "react";
import { uiWords } from "../../words/ui.ts";
import { DataTable } from "../data-table.tsx";
import { colorOf } from "./color-of.ts";
import type { Point, Series } from "./series.ts";

const Bars = lazy(() => import("./bars.tsx").then(({ Bars: component }) => ({ default: component })));

/** A chart of stacked bars with its numbers as a table. The library arrives after the page; its place is kept. */
export function Chart({ series }: { readonly series: Series }) {
  const words = uiWords.useWords();
  const { title, groups, points, formatAt, formatValue } = series;
  return (
    <figure className="grid min-w-0 gap-2 rounded-md border border-line bg-card p-4">
      <figcaption className="font-semibold wrap-anywhere">{title}</figcaption>
      <div className="h-52 md:h-72">
        <Suspense fallback={<div className="h-full rounded bg-sunken motion-safe:animate-pulse" />}>
          <Bars series={series} />
        </Suspense>
      </div>
      {groups.length > 1 && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {groups.map(({ key, title: name }, index) => (
            <li key={key} className="flex min-w-0 items-center gap-1.5 wrap-anywhere">
              <svg aria-hidden width="10" height="10" className="shrink-0">
                <rect width="10" height="10" rx="2" fill={colorOf(index)} />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary className="text-muted">{words.showTable}</summary>
        <div className="mt-2 max-h-96 overflow-y-auto">
          <DataTable<Point>
            caption={title}
            rows={points}
            rowKey={({ at }) => at}
            columns={[
              { title: words.time, cell: ({ at }) => formatAt(at) },
              ...groups.map(({ key, title: name }) => ({
                title: name,
                isNumber: true,
                cell: ({ values }: Point) => {
                  const value = values[key];
                  return value === undefined || value === null ? "–" : formatValue(value);
                },
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}
