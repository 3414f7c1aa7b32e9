import type { LoadPlan } from "../load/load.ts";
import { batches, consumes } from "../load/requests.ts";
import { ratiosTo } from "../report/measurement.ts";
import type { Claim } from "../report/target.ts";
import { type Part, roundsOf } from "../run.ts";
import { type HttpStage, load, type Opened, openOne, warmUp } from "./fixture.ts";

/** What it takes to make the connections. */
const SETTLE_SECONDS = 5;
/** Files that this process has open besides connections. */
const OTHER_FILES = 200;

const number = (value: number): string => value.toLocaleString("en");

/** Ten times the connections of the peak; in batches they are ten times what may wait for one account (8,192). */
const crowdsFor = ({ tokens }: HttpStage) => [
  { work: consumes(tokens, "one account"), peak: 256, crowd: 2_560 },
  { work: batches(tokens, "one account"), peak: 64, crowd: 4_096 },
];

/** More at once than there is capacity for; a refused request is sent again immediately. */
export const overloadPart: Part<HttpStage> = {
  name: "overload",
  says: "ten times as many connections as at the peak, and ten times as many consumes as may wait",
  run: measureOverload,
};

async function measureOverload(stage: HttpStage): Promise<void> {
  const { report, options, postgresql } = stage;
  if (!postgresql) return report.remark("overload is left out: it needs PostgreSQL");
  const possible = crowdsFor(stage).filter(({ crowd }) => crowd + OTHER_FILES < openFilesAllowed());
  if (possible.length < 2) report.remark("overload: the limit of open files (ulimit -n) leaves out a part");
  const cases = possible.map((each) => {
    const says = `${each.work.what}, ${number(each.crowd)} connections: accepted consumes per second`;
    const baseline = `its rate with ${each.peak} connections`;
    return {
      ...each,
      claim: report.claim({ part: "overload", says, baseline, target: { must: "at least", limit: 0.8 } }),
    };
  });
  const subject = await openOne(postgresql);
  for (const round of roundsOf(options)) {
    for (const each of cases) {
      await warmUp(subject, each.work);
      await measureCrowd(stage, subject, { ...each, round });
    }
  }
  await subject.servers.stop();
}

type Crowd = Pick<LoadPlan, "work"> & {
  readonly peak: number;
  readonly crowd: number;
  readonly claim: Claim;
  readonly round: number;
};

async function measureCrowd(stage: HttpStage, subject: Opened, of: Crowd): Promise<void> {
  const { report, options } = stage;
  const { work, peak, crowd, claim, round } = of;
  const situation = { part: "overload", what: work.what, spread: work.spread, subject: subject.name, round };
  const plan = { work, seconds: options.seconds, readsRefusals: true };
  const atPeak = await load(subject, { ...plan, connections: peak });
  report.measured({ ...situation, atOnce: peak }, atPeak);
  const crowded = await load(subject, { ...plan, connections: crowd, settleSeconds: SETTLE_SECONDS }, ["OVERLOADED"]);
  const ratios = ratiosTo({ "the peak": atPeak.ratePerSecond }, crowded.ratePerSecond);
  report.measured({ ...situation, atOnce: crowd }, crowded, ratios);
  const refused = number(crowded.failed["OVERLOADED"] ?? 0);
  report.remark(
    `overload: ${work.what}, ${number(crowd)} connections: ${number(crowded.confirmed)} consumes were done, ${refused} OVERLOADED`,
  );
  claim.ratios.push(crowded.ratePerSecond / atPeak.ratePerSecond);
}

/** How many files a process may open here; Node raises its own limit to that. */
function openFilesAllowed(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { hard: number | "unlimited" } } };
  const hard = userLimits?.open_files?.hard ?? "unlimited";
  return hard === "unlimited" ? Number.POSITIVE_INFINITY : hard;
}
