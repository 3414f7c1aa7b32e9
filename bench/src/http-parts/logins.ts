import type { Load } from "../load/load.ts";
import { type Logins, logInSteadily } from "../load/logins.ts";
import { consumes } from "../load/requests.ts";
import { type Part, roundsOf } from "../run.ts";
import { type HttpStage, load, type Opened, openOne, warmUp } from "./fixture.ts";

const LOGINS_PER_SECOND = 200;
/** How many connections spend meanwhile. */
const CONNECTIONS = 64;
/** Logged in, and OVERLOADED: no more passwords may wait than are checked in reasonable time. */
const expected = new Set([200, 503]);

/** Passwords being checked in the same process. */
export const loginsPart: Part<HttpStage> = {
  name: "logins",
  says: `consuming while ${LOGINS_PER_SECOND} logins a second arrive, beside the same without`,
  run: measureLogins,
};

async function measureLogins(stage: HttpStage): Promise<void> {
  const { report, options, postgresql } = stage;
  if (!postgresql) return report.remark("logins is left out: it needs PostgreSQL");
  const claim = report.claim({
    part: "logins",
    says: `${LOGINS_PER_SECOND} logins a second, ${CONNECTIONS} connections: p99 of a consume`,
    ...{ baseline: "its p99 without logins", target: { must: "under", limit: 2 } },
  });
  const subject = await openOne(postgresql);
  const work = consumes(stage.tokens, "one account");
  await warmUp(subject, work);

  const situation = { part: "logins", what: work.what, spread: work.spread, atOnce: CONNECTIONS };
  const plan = { work, connections: CONNECTIONS, seconds: options.seconds };
  for (const round of roundsOf(options)) {
    const idle = await load(subject, plan);
    report.measured({ ...situation, round, subject: "no logins" }, idle);
    const { speed, logins } = await besideLogins(subject, () => load(subject, plan));
    report.measured({ ...situation, round, subject: `${LOGINS_PER_SECOND} logins a second` }, speed);
    claim.ratios.push(speed.p99Ms / idle.p99Ms);
    tell(stage, logins);
  }
  await subject.servers.stop();
}

/** Logs in for as long as the load lasts. Returns when the last login has been answered: it would disturb what comes next. */
async function besideLogins(
  { url }: Opened,
  apply: () => Promise<Load>,
): Promise<{ readonly speed: Load; readonly logins: Logins }> {
  let isOver = false;
  const logins = logInSteadily(url, LOGINS_PER_SECOND, () => isOver);
  const speed = await apply();
  isOver = true;
  return { speed, logins: await logins };
}

function tell({ report }: HttpStage, { asked, answers }: Logins): void {
  const [loggedIn, refused] = [answers.get(200) ?? 0, answers.get(503) ?? 0];
  report.remark(`logins: ${asked} were asked for, ${loggedIn} logged in, ${refused} answered 503 OVERLOADED`);
  for (const [status, times] of answers) {
    if (!expected.has(status)) report.finding(`logins: ${times} answers with ${status}`);
  }
}
