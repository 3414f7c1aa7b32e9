import { distributeDatabase, migrateDatabase } from "@jifen/database";
import { citusUrl } from "@jifen/testkit/processes";
import { createAccountsAt } from "../accounts.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { number, type Spread } from "../workload.ts";
import { type Engine, engineStretch, MANY, openEngine, openSharedEngine } from "./engine.ts";
import { cpuMsOf, type Servers, serversOf } from "./server-cpu.ts";

/** The rates that are expected, as multiples of one PostgreSQL on the same machine. */
const loads: readonly { readonly spread: Spread; readonly callers: number; readonly limit?: number }[] = [
  { spread: "10,000 accounts", callers: MANY, limit: 0.5 },
  { spread: "10,000 accounts", callers: 64 },
  { spread: "one account", callers: MANY, limit: 0.8 },
  { spread: "10,000 accounts", callers: 1, limit: 0.6 },
];

const NAME = "engine on Citus";

/** Consumes on a database that Citus distributes, compared with one PostgreSQL. */
export const citusPart: Part = {
  name: "citus",
  says: "consume on a database that Citus distributes (TEST_CITUS_URL), compared with one PostgreSQL",
  run: async (bench) => {
    const coordinatorUrl = citusUrl();
    if (coordinatorUrl === undefined) return bench.report.remark("Citus is left out: TEST_CITUS_URL is not set");
    if (!(await bench.databases.has("postgresql"))) return;
    const { url } = await bench.databases.createOnCluster(coordinatorUrl);
    await migrateDatabase(url);
    await distributeDatabase(url);
    const citus = await openEngine(await createAccountsAt(bench, url, NAME));
    const plain = await openSharedEngine(bench, "postgresql");
    const comparison = new Comparison(bench, "citus");
    const servers = await serversOf(url);
    const cpu = { coordinatorMs: 0, workersMs: 0, done: 0 };
    for (const { limit, ...load } of loads) {
      const baseline = [comparison.add(engineStretch(bench, plain, load))];
      const stretch = engineStretch(bench, counting(citus, servers, cpu), load);
      const row = comparison.add({ ...stretch, comparedWith: { PostgreSQL: baseline } });
      const says = `${number(load.callers)} callers, ${load.spread}: consumes per second on Citus`;
      if (limit !== undefined) comparison.expectRate(row, baseline, { says, baseline: "one PostgreSQL", limit });
    }
    await comparison.measure();
    reportCpu(bench, cpu);
    await citus.close();
    await plain.close();
  },
};

type Cpu = { coordinatorMs: number; workersMs: number; done: number };

/** The engine, which adds up the CPU time of the servers. */
const counting = (engine: Engine, servers: Servers, cpu: Cpu): Engine => ({
  ...engine,
  consume: async (load) => {
    const before = await cpuMsOf(servers);
    const result = await engine.consume(load);
    const after = await cpuMsOf(servers);
    cpu.coordinatorMs += after.coordinatorMs - before.coordinatorMs;
    cpu.workersMs += after.workersMs - before.workersMs;
    cpu.done += result.done;
    return result;
  },
});

function reportCpu({ report }: Bench, { coordinatorMs, workersMs, done }: Cpu): void {
  const each = (ms: number) => `${((ms / done) * 1_000).toFixed(1)} µs`;
  report.remark(`citus: CPU for each consume: coordinator ${each(coordinatorMs)}, workers ${each(workersMs)} together`);
}
