import { type Baseline, baselines, type Result } from "./results.ts";

/** The results as Markdown that also reads well in a terminal: one table for each thing that was measured. */
export function tablesOf(results: readonly Result[]): string {
  const groups = Map.groupBy(results, ({ what, spread }) => `${what}, ${spread}`);
  return [...groups].map(([title, rows]) => `### ${title}\n\n${tableOf(rows)}\n`).join("\n");
}

function tableOf(results: readonly Result[]): string {
  const compared = baselines.filter((baseline) => results.some(({ ratios }) => Number.isFinite(ratios[baseline])));
  const head = ["", "at once", "per second", "p50 ms", "p99 ms", ...compared.map((baseline) => `of ${baseline}`)];
  const rows = results
    .toSorted((one, other) => one.connections - other.connections)
    .map((result) => [
      result.subject,
      String(result.connections),
      result.ratePerSecond.toFixed(0),
      result.p50Ms.toFixed(2),
      result.p99Ms.toFixed(2),
      ...compared.map((baseline) => ratioText(result, baseline)),
    ]);
  return aligned([head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]);
}

const ratioText = ({ ratios }: Result, baseline: Baseline): string =>
  Number.isFinite(ratios[baseline]) ? ratios[baseline].toFixed(2) : "";

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => `| ${line(row).join(" | ")} |`).join("\n");
}
