import { openDatabase } from "@jifen/database";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { openSharedEngine } from "../engine/engine.ts";
import { randomLog } from "./log-workload.ts";

const CALLERS = 256;
const LOGS_PER_SECOND = 1_000;

/** Starts to write logs at a constant rate. @returns stops it, and resolves when all are written */
async function startLogs(bench: Bench): Promise<() => Promise<void>> {
  const { url } = await bench.databases.create("postgresql");
  const opened = await openDatabase(url);
  const pending = new Set<Promise<unknown>>();
  const everyMs = 10;
  const timer = setInterval(() => {
    for (let n = 0; n < (LOGS_PER_SECOND * everyMs) / 1_000; n += 1) {
      const writing = opened.logs.write([randomLog()]).finally(() => pending.delete(writing));
      pending.add(writing);
    }
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await Promise.all(pending);
    await opened.close();
  };
}

/** Consumes beside logs, compared with consumes alone. */
export const besidePart: Part = {
  name: "beside",
  says: `consumes beside ${LOGS_PER_SECOND} logs a second on PostgreSQL, compared with consumes alone`,
  run: async (bench) => {
    if (!(await bench.databases.has("postgresql"))) return;
    const engine = await openSharedEngine(bench, "postgresql");
    const comparison = new Comparison(bench, "beside");
    const load = { spread: "10,000 accounts", callers: CALLERS, seconds: bench.options.seconds } as const;
    const situation = { what: "consume", spread: load.spread, atOnce: CALLERS };
    const alone = comparison.add({ ...situation, subject: "alone", run: () => engine.consume(load) });
    const beside = comparison.add({
      ...{ ...situation, subject: `beside ${LOGS_PER_SECOND} logs/s` },
      run: async () => {
        const stop = await startLogs(bench);
        try {
          return await engine.consume(load);
        } finally {
          await stop();
        }
      },
    });
    const baseline = "consumes alone";
    comparison.expectRate(beside, [alone], { says: "consumes per second beside logs", baseline, limit: 0.8 });
    comparison.expectLatency([beside, "p99Ms"], [alone, "p99Ms"], {
      ...{ says: "p99 of a consume beside logs", baseline, must: "at most", limit: 2 },
    });
    await comparison.measure();
    await engine.close();
  },
};
