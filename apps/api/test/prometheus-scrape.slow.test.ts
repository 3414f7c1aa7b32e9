// Expected duration: 15 s on two cores.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, freePort, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { METRICS_TOKEN } from "./metrics-of.ts";
import { isPrometheusMissing } from "./prometheus-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] };
type Answer<Data> = { readonly status: "success" | "error"; readonly data: Data };

const pathOf = (path: string) => fileURLToPath(new URL(`../../../ops/${path}`, import.meta.url));
const panels: readonly Panel[] = JSON.parse(readFileSync(pathOf("grafana/dashboard.json"), "utf8")).panels;
const expressions = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
const configuration = parse(readFileSync(pathOf("prometheus/prometheus.yml"), "utf8"));

describe.skipIf(isPrometheusMissing)("a Prometheus with the files of ops/", () => {
  const folder = createTemporaryFolder();
  let api: Awaited<ReturnType<typeof startApi>>;
  let prometheus: ReturnType<typeof spawn>;
  let url: string;
  const ask = async <Data>(path: string): Promise<Answer<Data>> =>
    (await (await fetch(`${url}/api/v1/${path}`)).json()) as Answer<Data>;
  const query = (expr: string) => ask<{ result: unknown[] }>(`query?query=${encodeURIComponent(expr)}`);

  beforeAll(async () => {
    api = await startApi({ env: { METRICS_TOKEN } });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const [scrape] = configuration.scrape_configs;
    const targets = [new URL(api.url).host];
    writeFileSync(join(folder, "jifen-token"), METRICS_TOKEN);
    writeFileSync(
      join(folder, "prometheus.yml"),
      stringify({
        global: { scrape_interval: "1s", evaluation_interval: "1s" },
        rule_files: [pathOf("prometheus/alerts.yml")],
        scrape_configs: [{ ...scrape, static_configs: [{ targets }] }],
      }),
    );
    const options = [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    prometheus = spawn("prometheus", options, { cwd: folder, stdio: "ignore" });
    await eventually(async () => {
      const { data } = await query('up{job="jifen"} == 1');
      if (data.result.length !== 1) throw new Error("Prometheus has not scraped the server");
    });
  });
  afterAll(async () => {
    prometheus.kill();
    await once(prometheus, "exit");
    await api.stop();
  });

  test("Prometheus scrapes every metric that the rules and the dashboard name, with a type and a help text", async () => {
    const { data } = await ask<Record<string, readonly { type: string; help: string }[]>>("metadata");
    const used = [readFileSync(pathOf("prometheus/alerts.yml"), "utf8"), ...expressions.map(({ expr }) => expr)]
      .flatMap((text) => text.match(/\b(jifen|nodejs|process)_\w+/g) ?? [])
      .map((name) => name.replace(/_(bucket|sum|count)$/, ""));
    expect(used.length).toBeGreaterThan(80);
    expect([...new Set(used)].filter((name) => data[name] === undefined)).toEqual([]);
    for (const name of new Set(used)) {
      expect(data[name]).toEqual([expect.objectContaining({ help: expect.stringMatching(/.{10}/) })]);
      expect(["counter", "gauge", "histogram"]).toContain(data[name]?.[0]?.type);
    }
  });

  test.each(expressions)('the panel "$title" has an expression that Prometheus evaluates', async ({ expr }) => {
    expect(await query(expr)).toMatchObject({ status: "success" });
  });

  test("Prometheus evaluates every rule, and a server without load raises no alert", async () => {
    type Rules = { groups: readonly { rules: readonly { name: string; health: string; state: string }[] }[] };
    const evaluated = async () => {
      const { data } = await ask<Rules>("rules");
      return data.groups.flatMap(({ rules }) => rules).map(({ health }) => health);
    };
    await expect.poll(async () => (await evaluated()).every((health) => health === "ok")).toBe(true);
    expect((await evaluated()).length).toBeGreaterThan(30);
    const { data } = await ask<Rules>("rules");
    const firing = data.groups.flatMap(({ rules }) => rules).filter(({ state }) => state === "firing");
    expect(firing).toEqual([]);
  });

  test("calls of an operation are scraped by their status, and their times as a histogram", async () => {
    const answer = await fetch(`${api.url}/auth/me`);
    expect(answer.status).toBe(401);
    const of = (expr: string) => async () => {
      const { data } = await query(expr);
      return (data.result[0] as { value: [number, string] } | undefined)?.value[1];
    };
    await expect.poll(of('jifen_calls_total{operation="auth.me",status="4xx"}')).toBe("1");
    await expect.poll(of('jifen_calls_total{operation="auth.me",status="2xx"}')).toBe("0");
    await expect.poll(of('jifen_call_seconds_count{operation="auth.me"}')).toBe("1");
    await expect.poll(of('jifen_call_seconds_bucket{operation="auth.me",le="+Inf"}')).toBe("1");
  });
});
