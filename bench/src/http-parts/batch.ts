import { measurePgbench } from "../baselines/measure-pgbench.ts";
import { BATCH_SIZE, batches } from "../load/requests.ts";
import { ratiosTo } from "../report/measurement.ts";
import { type Part, roundsOf } from "../run.ts";
import { type HttpStage, load, openOne, warmUp } from "./fixture.ts";

/** How many connections send at once. */
const CONNECTIONS = 64;

/** tRPC batches of many callers, each with an account of its own. */
export const batchPart: Part<HttpStage> = {
  name: "batch",
  says: `${BATCH_SIZE} consumes in each tRPC batch, 10,000 callers, beside pgbench`,
  run: measureBatch,
};

async function measureBatch(stage: HttpStage): Promise<void> {
  const { report, options } = stage;
  if (!stage.postgresql) return report.remark("batch is left out: it needs PostgreSQL");
  const claim = report.claim({
    part: "batch",
    says: `${BATCH_SIZE} consumes a request, ${CONNECTIONS} connections: consumes per second`,
    ...{ baseline: "pgbench at its best, 10,000 accounts", target: { must: "at least", limit: 1.5 } },
  });
  const subject = await openOne(stage.postgresql);
  const work = batches(stage.tokens, "10,000 accounts");
  await warmUp(subject, work);

  const { what, spread } = work;
  for (const round of roundsOf(options)) {
    const baselines = await measurePgbench(stage, { part: "batch", spread, round });
    const speed = await load(subject, { work, connections: CONNECTIONS, seconds: options.seconds });
    const ratios = ratiosTo(baselines, speed.ratePerSecond);
    report.measured({ part: "batch", what, spread, subject: subject.name, atOnce: CONNECTIONS, round }, speed, ratios);
    claim.ratios.push(ratios["pgbench best"] ?? Number.NaN);
  }
  await subject.servers.stop();
}
