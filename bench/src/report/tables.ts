import type { Result } from "./results.ts";
import { type Claim, reached, type Verdict, verdictOn } from "./target.ts";

/** The results as Markdown that also reads well in a terminal: one table for each thing that was measured. */
export function tablesOf(results: readonly Result[]): string {
  const groups = Map.groupBy(results, ({ part, what, spread }) => `${part}: ${what}, ${spread}`);
  return [...groups].map(([title, rows]) => `### ${title}\n\n${tableOf(rows)}\n`).join("\n");
}

function tableOf(results: readonly Result[]): string {
  const compared = [...new Set(results.flatMap(({ ratios }) => Object.keys(ratios)))];
  const head = ["", "at once", "per second", "p50 ms", "p99 ms", ...compared.map((baseline) => `of ${baseline}`)];
  const rows = results
    .toSorted((one, other) => one.atOnce - other.atOnce)
    .map((result) => [
      result.subject,
      result.atOnce.toLocaleString("en"),
      figure(result.ratePerSecond, 0),
      figure(result.p50Ms, 2),
      figure(result.p99Ms, 2),
      ...compared.map((baseline) => figure(result.ratios[baseline] ?? Number.NaN, 2)),
    ]);
  return aligned([head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]);
}

const figure = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : "");

const marks: Readonly<Record<Verdict, string>> = { yes: "yes", no: "NO", "not measured": "not measured" };

/** Every sentence with its target, what was reached, and yes or no. */
export function targetTableOf(claims: readonly Claim[]): string {
  const head = ["what", "compared with", "target", "reached", "yes or no"];
  const rows = claims.map((claim) => [
    `${claim.part}: ${claim.says}`,
    claim.baseline,
    `${claim.target.must} ${claim.target.limit}`,
    figure(reached(claim), 2),
    marks[verdictOn(claim)],
  ]);
  return aligned([head, ["---", "---", "--:", "--:", "---"], ...rows]);
}

/** Numbers to the right, words to the left, as the second row says. */
function aligned(rows: readonly (readonly string[])[]): string {
  const [, rule = []] = rows;
  const widths = rule.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return rule[column]?.endsWith(":") ? cell.padStart(width) : cell.padEnd(width);
    });
  return rows.map((row) => `| ${line(row).join(" | ")} |`).join("\n");
}
