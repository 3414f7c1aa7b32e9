import { number } from "../workload.ts";
import { type MeasuredTarget, type Result, reached, verdictOn } from "./results.ts";

const figure = (value = Number.NaN, digits = 2): string => (Number.isFinite(value) ? value.toFixed(digits) : "");

/** The results as Markdown tables that also read well in a terminal. */
export function resultTables(results: readonly Result[]): string {
  const groups = Map.groupBy(results, ({ part, what, spread }) => `${part}: ${what}, ${spread}`);
  return [...groups].map(([title, rows]) => `### ${title}\n\n${resultTable(rows)}\n`).join("\n");
}

function resultTable(results: readonly Result[]): string {
  const baselines = [...new Set(results.flatMap(({ ratios }) => Object.keys(ratios)))];
  const head = [
    "",
    "at once",
    "per second",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    ...baselines.map((baseline) => `of ${baseline}`),
  ];
  const rows = results
    .toSorted((one, other) => one.atOnce - other.atOnce)
    .map(({ subject, atOnce, ratePerSecond, p50Ms, p95Ms, p99Ms, ratios }) => [
      ...[subject, number(atOnce), figure(ratePerSecond, 0), figure(p50Ms), figure(p95Ms), figure(p99Ms)],
      ...baselines.map((baseline) => figure(ratios[baseline])),
    ]);
  return align([head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]);
}

const withUnit = (value: string, { target: { unit } }: MeasuredTarget): string =>
  unit === undefined || value === "" ? value : `${value} ${unit}`;

/** Every target with what was reached, yes or no. */
export function targetTable(targets: readonly MeasuredTarget[]): string {
  const rows = targets.map((each) => [
    ...[
      `${each.part}: ${each.says}`,
      each.baseline,
      `${each.target.must} ${withUnit(String(each.target.limit), each)}`,
    ],
    ...[withUnit(figure(reached(each)), each), verdictOn(each).replace(/^no$/, "NO")],
  ]);
  const head = ["what", "compared with", "target", "reached", "yes or no"];
  return align([head, ["---", "---", "--:", "--:", "---"], ...rows]);
}

/** Pads the cells: numbers to the right, words to the left, as the second row says. */
function align(rows: readonly (readonly string[])[]): string {
  const rule = rows[1] ?? [];
  const widths = rule.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    rule[column]?.endsWith(":") ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => `| ${row.map(pad).join(" | ")} |`).join("\n");
}
