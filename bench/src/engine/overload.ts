import type { Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { number, spreads } from "../workload.ts";
import { engineStretch, MANY, openSharedEngine } from "./engine.ts";

/** How many may wait in one shard queue: MAX_WAITING in the ledger's group-commit.ts. */
const QUEUE_LENGTH = 8_192;
const TIMES = 10;
/** The callers arrive within this time, and the refused ones return in it. */
const WARM_UP_SECONDS = 2;

/** Ten times as many callers as may wait. A refused caller retries about a second later. */
export const overloadPart: Part = {
  name: "overload",
  says: `${TIMES} times as many callers as the queues hold, compared with ${number(MANY)}`,
  run: async (bench) => {
    const { report, options } = bench;
    if (!(await bench.databases.has("postgresql"))) return;
    const engine = await openSharedEngine(bench, "postgresql");
    const comparison = new Comparison(bench, "overload");
    for (const spread of spreads) {
      const queues = spread === "one account" || typeof engine.shards !== "number" ? 1 : engine.shards;
      const callers = TIMES * QUEUE_LENGTH * queues;
      const peak = [comparison.add(engineStretch(bench, engine, { spread, callers: MANY }))];
      const row = comparison.add({
        ...{ what: "consume", spread, subject: engine.name, atOnce: callers, comparedWith: { "the peak": peak } },
        run: async () => {
          const load = { spread, callers, seconds: options.seconds, warmUpSeconds: WARM_UP_SECONDS };
          const result = await engine.consume(load);
          const [done, refused] = [number(result.done), number(result.refused)];
          report.remark(`overload: ${number(callers)} callers: ${done} done, ${refused} OVERLOADED`);
          if (result.refused === 0) report.finding(`overload: no caller was refused with ${callers} callers`);
          return result;
        },
      });
      const says = `${number(callers)} callers, ${spread}: accepted consumes per second`;
      comparison.expectRate(row, peak, { says, baseline: `its rate with ${number(MANY)} callers`, limit: 0.8 });
    }
    await comparison.measure();
    await engine.close();
  },
};
