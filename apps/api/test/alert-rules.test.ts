import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { alertCases } from "./alert-cases.ts";
import { isPrometheusMissing } from "./prometheus-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

type Rule = {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

const rulesFile = fileURLToPath(new URL("../../../ops/prometheus/alerts.yml", import.meta.url));
const rules: readonly Rule[] = parse(readFileSync(rulesFile, "utf8")).groups[0].rules;

/** Runs Prometheus' own tool. */
function promtool(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

describe.skipIf(isPrometheusMissing)("the alert rules in Prometheus", () => {
  const folder = createTemporaryFolder();

  test("promtool accepts every rule", () => {
    expect(promtool("check", "rules", "--lint=all", "--lint-fatal", rulesFile)).toMatchObject({ status: 0 });
  });

  test("every rule has a case in which it fires and one in which it does not", () => {
    expect(alertCases.map(({ alert }) => alert)).toEqual(rules.map(({ alert }) => alert));
  });

  test("every alert fires when it should, and only then", () => {
    const files = alertCases.map(({ alert, firing, quiet, at = "45m", labels }) => {
      const rule = rules.find((each) => each.alert === alert);
      const fired = { exp_labels: { ...rule?.labels, ...labels }, exp_annotations: rule?.annotations };
      const caseOf = (samples: Readonly<Record<string, string>>, expected: readonly (typeof fired)[]) => ({
        interval: "1m",
        input_series: Object.entries(samples).map(([series, values]) => ({ series, values })),
        alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }],
      });
      // With all other rules beside it, the minutes of two days would take their time.
      writeFileSync(join(folder, `${alert}.rule.yml`), stringify({ groups: [{ name: "jifen", rules: [rule] }] }));
      const file = join(folder, `${alert}.yml`);
      const tests = [caseOf(firing, [fired]), caseOf(quiet, [])];
      writeFileSync(file, stringify({ rule_files: [`${alert}.rule.yml`], evaluation_interval: "1m", tests }));
      return file;
    });
    expect(promtool("test", "rules", ...files)).toMatchObject({ status: 0 });
  });
});
