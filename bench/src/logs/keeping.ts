import { setTimeout } from "node:timers/promises";
import { createAccountsAt } from "../accounts.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { openEngine } from "../engine/engine.ts";
import { runCallers } from "../load/callers.ts";
import { number } from "../workload.ts";
import { type Filled, openFilled } from "./filled.ts";
import { randomLog } from "./log-workload.ts";

const WRITERS = 64;
const WRITE_MS = 500;
const STEP_MS = 50;
const CALLERS = 256;
/** As the job that removes expired logs: callers go first. */
const PAUSES_PER_STEP = 4;
/** Long enough to see each step on its own. */
const STEPS = 100;

/** Removes what the sums of the filled database keep. @returns how long it took, and how many logs were removed */
async function removeOnce({ opened, removed }: Filled, beforeMs: number) {
  const beganMs = performance.now();
  const { logs } = await opened.logs.removeLogs(beforeMs);
  removed.logs += logs;
  return { logs, ms: performance.now() - beganMs };
}

/** A whole month is dropped while logs are written. */
const monthPart: Part = {
  name: "month",
  says: "a month of logs on PostgreSQL is dropped while logs are written",
  run: async (bench) => {
    const filled = await openFilled(bench, "postgresql");
    const [, second] = filled?.months ?? [];
    if (!filled || !second) return;
    // The year begins within a month.
    await removeOnce(filled, second.fromMs);
    let longestMs = 0;
    const write = async () => {
      const sentMs = performance.now();
      await filled.opened.logs.write([randomLog()]);
      longestMs = Math.max(longestMs, performance.now() - sentMs);
      return "done" as const;
    };
    const writing = runCallers({ callers: WRITERS, seconds: bench.options.seconds }, write);
    await setTimeout(1_000);
    const { logs, ms } = await removeOnce(filled, second.toMs);
    const { done } = await writing;
    bench.report.remark(
      `a month of ${number(logs)} logs was dropped in ${ms.toFixed(0)} ms; ${number(done)} were written`,
    );
    if (logs !== second.rows) bench.report.finding(`${logs} logs of a month of ${second.rows} were removed`);
    bench.report.targets.push({
      ...{ part: "month", says: "the longest wait of a write while a month is dropped", baseline: "" },
      ...{ target: { must: "at most", limit: WRITE_MS, unit: "ms" }, ratios: [longestMs] },
    });
  },
};

/** Logs are removed in small steps beside consumes. */
const stepsPart: Part = {
  name: "steps",
  says: "logs on SQLite are removed in steps, beside consumes",
  run: async (bench) => {
    const filled = await openFilled(bench, "sqlite");
    const last = filled?.months.at(-1);
    if (!filled || !last) return;
    const steps: number[] = [];
    for (let n = 0; n < STEPS; n += 1) {
      const { ms } = await removeOnce(filled, last.fromMs);
      steps.push(ms);
      await setTimeout(ms * PAUSES_PER_STEP);
    }
    bench.report.targets.push({
      ...{ part: "steps", says: `the longest of ${STEPS} steps that remove logs`, baseline: "" },
      ...{ target: { must: "at most", limit: STEP_MS, unit: "ms" }, ratios: [Math.max(...steps)] },
    });
    await measureBeside(bench, filled, last.fromMs);
  },
};

async function measureBeside(bench: Bench, filled: Filled, beforeMs: number): Promise<void> {
  const engine = await openEngine(await createAccountsAt(bench, filled.url, "SQLite with a year of logs"));
  const comparison = new Comparison(bench, "steps");
  const load = { spread: "10,000 accounts", callers: CALLERS, seconds: bench.options.seconds } as const;
  const situation = { what: "consume", spread: load.spread, atOnce: CALLERS };
  const alone = comparison.add({ ...situation, subject: "alone", run: () => engine.consume(load) });
  const beside = comparison.add({
    ...{ ...situation, subject: "beside steps" },
    run: async () => {
      let isRunning = true;
      const consuming = engine.consume(load).finally(() => {
        isRunning = false;
      });
      while (isRunning) {
        const { ms } = await removeOnce(filled, beforeMs);
        await Promise.race([setTimeout(ms * PAUSES_PER_STEP), consuming]);
      }
      return consuming;
    },
  });
  const says = "consumes per second beside steps that remove logs";
  comparison.expectRate(beside, [alone], { says, baseline: "consumes alone", limit: 0.9 });
  await comparison.measure();
  await engine.close();
}

/** Removing expired logs. It comes last: later parts would find fewer logs. */
export const keepingParts: readonly Part[] = [monthPart, stepsPart];
