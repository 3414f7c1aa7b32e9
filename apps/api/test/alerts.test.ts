import { readFileSync } from "node:fs";
import { refusals } from "@jifen/contract";
import { reviewKinds } from "@jifen/database";
import { startApi } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { refusalKinds } from "../src/http/refusals/kinds.ts";
import { METRICS_TOKEN, metricsOf } from "./metrics-of.ts";

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
};
type Panel = { readonly id: number; readonly title: string; readonly targets: readonly { readonly expr: string }[] };

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const rules: readonly Rule[] = parse(read("ops/prometheus/alerts.yml")).groups[0].rules;
const panels: readonly Panel[] = JSON.parse(read("ops/grafana/dashboard.json")).panels;

/** Names of metrics in an expression: what is no function, label or keyword of PromQL. A histogram has three series. */
const metricsIn = (expression: string) =>
  (expression.match(/\b(jifen|nodejs|process)_\w+/g) ?? []).map((name) => name.replace(/_(bucket|sum|count)$/, ""));
/** The values that an expression compares a label with, such as `kind=~"a|b"`. */
const labelValuesIn = (expression: string, label: string) =>
  [...expression.matchAll(new RegExp(`\\b${label}[!=]~?"([^"]*)"`, "g"))].flatMap(([, values = ""]) =>
    values.split("|"),
  );

let exported: ReadonlySet<string>;
beforeAll(async () => {
  await using api = await startApi({ env: { METRICS_TOKEN } });
  exported = new Set([...(await metricsOf(api)).matchAll(/^# TYPE (\w+) /gm)].map(([, name = ""]) => name));
});

const expressions = [
  ...rules.map(({ alert, expr }) => ({ where: `the alert ${alert}`, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `the panel "${title}"`, expr }))),
];

describe("alert rules and dashboard", () => {
  test.each(expressions)(
    "$where names only metrics that a server exports, with values that their labels have",
    ({ expr }) => {
      expect(metricsIn(expr)).not.toEqual([]);
      expect(metricsIn(expr).filter((name) => !exported.has(name))).toEqual([]);
      const kinds: readonly string[] = expr.includes("jifen_reviews") ? reviewKinds : Object.keys(refusalKinds);
      expect(labelValuesIn(expr, "kind").filter((value) => !kinds.includes(value))).toEqual([]);
      expect(labelValuesIn(expr, "code").filter((value) => !Object.hasOwn(refusals, value))).toEqual([]);
    },
  );

  test("every metric of Jifen is in a rule or on the dashboard", () => {
    const used = new Set(expressions.flatMap(({ expr }) => metricsIn(expr)));
    const internals = new Set(["jifen_job_batches_total", "jifen_job_busy_seconds_total"]);
    const unused = [...exported].filter((name) => name.startsWith("jifen_") && !used.has(name) && !internals.has(name));
    expect(unused).toEqual([]);
  });

  test.each(rules)("the alert $alert has a severity, a summary and a runbook in both languages", (rule) => {
    expect(["info", "warning", "critical"]).toContain(rule.labels.severity);
    expect(rule.for).toMatch(/^\d+[mh]$/);
    expect(rule.annotations.summary).toMatch(/^[A-Z].*\.$/);
    const [page = "", anchor] = rule.annotations.runbook.split("#");
    expect(anchor).toBe(rule.alert.toLowerCase());
    for (const file of [page, page.replace(".md", ".zh-CN.md")]) {
      const section = new RegExp(`^### ${rule.alert}\\n\\n(.+)$`, "m").exec(read(file))?.[1] ?? "";
      expect(section.length).toBeGreaterThan(20);
    }
  });

  test("every metric of Jifen is described in both languages, and no other", () => {
    for (const file of ["docs/guides/watching.md", "docs/guides/watching.zh-CN.md"]) {
      const described = [...read(file).matchAll(/^\| `(jifen_\w+)`/gm)].map(([, name]) => name);
      expect(described.toSorted()).toEqual([...exported].filter((name) => name.startsWith("jifen_")).toSorted());
    }
  });

  test("no two alerts and no two panels share a name", () => {
    const ids = panels.map(({ id }) => `${id}`);
    for (const names of [rules.map(({ alert }) => alert), ids, panels.map(({ title }) => title)]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
