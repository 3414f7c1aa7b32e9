import type { Speed } from "../report/measurement.ts";
import { roundsOf } from "../run.ts";
import { type Spread, spreads } from "../workload.ts";
import type { Engine } from "./engine.ts";
import type { EngineStage } from "./fixture.ts";

/** How many callers wait at once. */
const CALLERS = [1, 64, 256, 1_024];
/** The most of them: at that many is the target. */
const MANY = 1_024;

/** What consumes one at a time, on the same kind of database. */
export type Baseline = {
  /** In the tables. */
  readonly subject: string;
  /** What the engine is compared with, in the sentence. */
  readonly says: string;
  /** What its ratios are called. */
  readonly ratio: string;
  /** How many clients are tried; the fastest of a round counts. */
  readonly clients: readonly number[];
  run(load: { readonly spread: Spread; readonly clients: number; readonly seconds: number }): Promise<Speed>;
};

/** A database, as the part and the sentence call it. */
type About = { readonly part: string; readonly database: string };

/** Measures consumes that wait together, of one account and of many, beside a baseline that makes one at a time. */
export async function measureBeside(
  { report, options }: Pick<EngineStage, "report" | "options">,
  { part, database }: About,
  { engine, baseline }: { readonly engine: Engine; readonly baseline: Baseline },
): Promise<void> {
  const { seconds } = options;
  for (const spread of spreads) {
    await engine.consume({ spread, callers: 64, seconds: 1 });
    const claim = report.claim({
      ...{ part, says: `${database}, ${MANY.toLocaleString("en")} callers, ${spread}: consumes per second` },
      ...{ baseline: baseline.says, target: { must: "at least", limit: 3 } },
    });
    for (const round of roundsOf(options)) {
      const about = { part, what: "consume", spread, round } as const;
      let best = 0;
      for (const clients of baseline.clients) {
        const speed = await baseline.run({ spread, clients, seconds });
        report.measured({ ...about, subject: baseline.subject, atOnce: clients }, speed);
        best = Math.max(best, speed.ratePerSecond);
      }
      for (const callers of CALLERS) {
        const work = await engine.consume({ spread, callers, seconds });
        if (work.refused > 0) report.finding(`${engine.name}: ${work.refused} refused, with ${callers} callers`);
        const ratio = work.ratePerSecond / best;
        report.measured({ ...about, subject: engine.name, atOnce: callers }, work, { [baseline.ratio]: ratio });
        if (callers === MANY) claim.ratios.push(ratio);
      }
    }
  }
}
