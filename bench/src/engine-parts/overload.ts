import { ratiosTo } from "../report/measurement.ts";
import { type Part, roundsOf } from "../run.ts";
import { spreads } from "../workload.ts";
import type { Engine, EngineLoad } from "./engine.ts";
import type { EngineStage } from "./fixture.ts";

/** How many may wait in one lane: MAX_WAITING in the ledger's group-commit.ts. */
const WAITING_IN_A_LANE = 8_192;
const TIMES = 10;
/** With so many callers the engine is at its peak. */
const PEAK = 1_024;
/** The first crowd comes within this time, and its refused ones come back in it. */
const SETTLE_SECONDS = 2;

/** Ten times as many callers as may wait; whoever is refused comes back a second later. */
export const overloadPart: Part<EngineStage> = {
  name: "overload",
  says: `${TIMES} times as many callers as the engine lets wait, beside ${PEAK.toLocaleString("en")}`,
  run: measureOverload,
};

async function measureOverload(stage: EngineStage): Promise<void> {
  const { report, options, postgresql } = stage;
  if (!postgresql) return report.remark("overload is left out: it needs PostgreSQL");
  const engine = await postgresql.open();
  const cases = spreads.map((spread) => {
    const crowd = TIMES * WAITING_IN_A_LANE * (spread === "one account" ? 1 : engine.lanes);
    const says = `${crowd.toLocaleString("en")} callers, ${spread}: accepted consumes per second`;
    const baseline = `its rate with ${PEAK.toLocaleString("en")} callers`;
    return {
      spread,
      crowd,
      claim: report.claim({ part: "overload", says, baseline, target: { must: "at least", limit: 0.8 } }),
    };
  });
  for (const round of roundsOf(options)) {
    for (const { spread, crowd, claim } of cases) {
      const peak = await measure(stage, engine, { spread, callers: PEAK, seconds: options.seconds, round });
      const crowded = { spread, callers: crowd, seconds: options.seconds, settleSeconds: SETTLE_SECONDS, round, peak };
      claim.ratios.push((await measure(stage, engine, crowded)) / peak);
    }
  }
  await engine.close();
}

type Stretch = EngineLoad & { readonly round: number };

async function measure(
  { report }: EngineStage,
  engine: Engine,
  stretch: Stretch & { readonly peak?: number },
): Promise<number> {
  const { spread, callers, round, peak } = stretch;
  const work = await engine.consume(stretch);
  const situation = { part: "overload", what: "consume", spread, subject: engine.name, atOnce: callers, round };
  report.measured(situation, work, peak === undefined ? {} : ratiosTo({ "the peak": peak }, work.ratePerSecond));
  if (peak === undefined) return work.ratePerSecond;
  const [done, refused] = [work.done.toLocaleString("en"), work.refused.toLocaleString("en")];
  report.remark(
    `overload: of ${callers.toLocaleString("en")} callers' commands ${done} were done, ${refused} OVERLOADED`,
  );
  if (work.refused === 0) report.finding(`overload: nobody was refused with ${callers} callers`);
  return work.ratePerSecond;
}
