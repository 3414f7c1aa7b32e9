import { applyLoad, type Load } from "../load/load.ts";
import { consumes, type Work } from "../load/requests.ts";
import { ratiosTo, type Speed } from "../report/measurement.ts";
import { type Part, roundsOf } from "../run.ts";
import type { Servers } from "../servers/site.ts";
import { spreads } from "../workload.ts";
import type { HttpStage } from "./fixture.ts";

/** How many processes there are, the first of which is the baseline. */
const ONE = 1;
const SEVERAL = [2, 4];
/** How many connections send at once, to all of them together. */
const CONNECTIONS = 256;

/** Several servers on one database. */
export const processesPart: Part<HttpStage> = {
  name: "processes",
  says: "two and four server processes on one PostgreSQL, beside one",
  run: measureProcesses,
};

async function measureProcesses(stage: HttpStage): Promise<void> {
  const { report, options, postgresql } = stage;
  if (!postgresql) return report.remark("processes is left out: it needs PostgreSQL");
  const servers = await postgresql.open(Math.max(...SEVERAL));
  const cases = spreads.map((spread) => ({
    work: consumes(stage.tokens, spread),
    claims: SEVERAL.map((processes) =>
      report.claim({
        part: "processes",
        says: `${processes} processes, ${spread}: consumes per second`,
        ...{ baseline: "one process, as many connections", target: { must: "at least", limit: 1 } },
      }),
    ),
  }));
  for (const { work } of cases) await loadAll(servers, { work, processes: Math.max(...SEVERAL), seconds: 1 });

  for (const round of roundsOf(options)) {
    for (const { work, claims } of cases) {
      const measure = async (processes: number, baselines: Readonly<Record<string, number>>) => {
        const speed = await loadAll(servers, { work, processes, seconds: options.seconds });
        const ratios = ratiosTo(baselines, speed.ratePerSecond);
        const subject = processes === ONE ? "one process" : `${processes} processes`;
        const { what, spread } = work;
        report.measured({ part: "processes", what, spread, subject, atOnce: CONNECTIONS, round }, speed, ratios);
        return speed.ratePerSecond;
      };
      const rateOfOne = await measure(ONE, {});
      for (const [at, processes] of SEVERAL.entries()) {
        const rate = await measure(processes, { "one process": rateOfOne });
        claims[at]?.ratios.push(rate / rateOfOne);
      }
    }
  }
  await servers.stop();
}

type Shared = { readonly work: Work; readonly processes: number; readonly seconds: number };

/** The connections are dealt out to the processes; any user may come to any of them. */
async function loadAll(servers: Servers, { work, processes, seconds }: Shared): Promise<Speed> {
  const urls = servers.urls.slice(0, processes);
  const loads = await Promise.all(
    urls.map((url) => applyLoad({ url, work, connections: CONNECTIONS / processes, seconds })),
  );
  for (const load of loads) servers.heard(load);
  return {
    ratePerSecond: loads.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0),
    p50Ms: slowest(loads, "p50Ms"),
    p99Ms: slowest(loads, "p99Ms"),
  };
}

const slowest = (loads: readonly Load[], which: "p50Ms" | "p99Ms"): number =>
  Math.max(...loads.map((load) => load[which]));
