import { ratiosTo } from "../report/measurement.ts";
import { type Part, roundsOf } from "../run.ts";
import { spreads } from "../workload.ts";
import { createEngineSite, type Engine } from "./engine.ts";
import { fill } from "./fill.ts";
import type { EngineStage } from "./fixture.ts";

const TRANSACTIONS = 5_000_000;
const CALLERS = 1_024;
const full = `${TRANSACTIONS.toLocaleString("en")} transactions`;

/** A long history, beside none. */
export const bigPart: Part<EngineStage> = {
  name: "big",
  says: `consuming with ${full} in the table, beside none`,
  isLong: true,
  run: measureBig,
};

async function measureBig(stage: EngineStage): Promise<void> {
  const { report, options, databases } = stage;
  if (!databases.postgresql) return report.remark("big is left out: it needs PostgreSQL");
  const empty = await createEngineSite(await databases.postgresql.another(), report);
  const filled = await createEngineSite(await databases.postgresql.another(), report);
  const tookSeconds = await fill(filled, TRANSACTIONS, report);
  report.remark(`big: writing ${full} by SQL took ${tookSeconds.toFixed(0)} seconds`);
  await databases.postgresql.settle();
  const cases = spreads.map((spread) => ({
    spread,
    claim: report.claim({
      part: "big",
      says: `${full}, ${spread}, ${CALLERS.toLocaleString("en")} callers: consumes per second`,
      ...{ baseline: "the same with an empty history", target: { must: "at least", limit: 0.9 } },
    }),
  }));
  const engines = { empty: await empty.open(), filled: await filled.open() };
  for (const engine of [engines.empty, engines.filled]) {
    for (const { spread } of cases) await engine.consume({ spread, callers: CALLERS, seconds: 1 });
  }

  for (const round of roundsOf(options)) {
    for (const { spread, claim } of cases) {
      const measure = async (engine: Engine, subject: string, baselines: Readonly<Record<string, number>>) => {
        const work = await engine.consume({ spread, callers: CALLERS, seconds: options.seconds });
        const situation = { part: "big", what: "consume", spread, subject, atOnce: CALLERS, round };
        report.measured(situation, work, ratiosTo(baselines, work.ratePerSecond));
        return work.ratePerSecond;
      };
      const rateOfEmpty = await measure(engines.empty, "an empty history", {});
      const rateOfFilled = await measure(engines.filled, full, { "an empty one": rateOfEmpty });
      claim.ratios.push(rateOfFilled / rateOfEmpty);
    }
  }
  await engines.empty.close();
  await engines.filled.close();
}
