import { runRawStatement } from "../baselines/raw-statement.ts";
import { consumes } from "../load/requests.ts";
import { ratiosTo } from "../report/measurement.ts";
import { type Part, roundsOf } from "../run.ts";
import { type HttpStage, load, openOne, warmUp } from "./fixture.ts";

/** A request that is alone, beside a statement that is alone. */
export const lonePart: Part<HttpStage> = {
  name: "lone",
  says: "one caller alone, beside the same consume as one raw statement of the pg driver",
  run: measureLone,
};

async function measureLone(stage: HttpStage): Promise<void> {
  const { report, options, databases } = stage;
  const pgbench = databases.postgresql?.pgbench;
  if (!stage.postgresql || !pgbench) return report.remark("lone is left out: it needs PostgreSQL and pgbench");
  const claim = report.claim({
    ...{ part: "lone", says: "a lone request: p50", baseline: "p50 of one raw statement" },
    target: { must: "at most", limit: 1.5 },
  });
  const subject = await openOne(stage.postgresql);
  const work = consumes(stage.tokens, "one account");
  await warmUp(subject, work);
  await runRawStatement(pgbench, 1);

  const situation = { part: "lone", what: "one consume", spread: work.spread, atOnce: 1 };
  for (const round of roundsOf(options)) {
    const raw = await runRawStatement(pgbench, options.seconds);
    report.measured({ ...situation, round, subject: "one raw statement" }, raw);
    const speed = await load(subject, { work, connections: 1, seconds: options.seconds });
    const ratios = ratiosTo({ "the statement": raw.ratePerSecond }, speed.ratePerSecond);
    report.measured({ ...situation, round, subject: subject.name }, speed, ratios);
    claim.ratios.push(speed.p50Ms / raw.p50Ms);
  }
  await subject.servers.stop();
}
