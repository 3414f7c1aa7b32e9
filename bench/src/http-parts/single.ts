import { recordAnswers, startBareServer } from "../baselines/bare-process.ts";
import { measurePgbench } from "../baselines/measure-pgbench.ts";
import { applyLoad } from "../load/load.ts";
import { balances, consumes, type Work } from "../load/requests.ts";
import { type Ratios, ratiosTo, type Speed } from "../report/measurement.ts";
import { type Part, roundsOf } from "../run.ts";
import type { ServerProcess } from "../servers/server-process.ts";
import type { Spread } from "../workload.ts";
import { type HttpStage, load, type Opened, openOne, warmUp } from "./fixture.ts";

/** How many connections send at once. */
const CONNECTIONS = [1, 64, 256];
/** At which of them the targets are. */
const FULL = 256;
const BARE = "bare node:http";

type Single = { readonly part: string; readonly work: Work };

/** `POST /credits/consume`, beside a bare server and pgbench. */
export const consumePart = (name: string, spread: Spread): Part<HttpStage> => ({
  name,
  says: `POST /credits/consume, ${spread}, beside a bare node:http server and pgbench`,
  run: (stage) => measureSingle(stage, { part: name, work: consumes(stage.tokens, spread) }),
});

/** `GET /credits/balance`, beside a bare server. */
export const balancePart: Part<HttpStage> = {
  name: "balance",
  says: `GET /credits/balance, one account, beside a ${BARE} server`,
  run: (stage) => measureSingle(stage, { part: "balance", work: balances(stage.tokens) }),
};

async function measureSingle(stage: HttpStage, { part, work }: Single): Promise<void> {
  const { report, options } = stage;
  const sites = [stage.sqlite, stage.postgresql].filter((site) => site !== undefined);
  const opened = await Promise.all(sites.map(openOne));
  const bare = await startBare(work, opened);
  const subjects = opened.map((subject) => ({ subject, note: openClaims(stage, { part, work }, subject.name) }));
  for (const { subject } of subjects) await warmUp(subject, work);

  for (const round of roundsOf(options)) {
    const baselines = work.consumesEach > 0 ? await measurePgbench(stage, { part, spread: work.spread, round }) : {};
    for (const connections of CONNECTIONS) {
      const situation = { part, what: work.what, spread: work.spread, atOnce: connections, round };
      const plan = { work, connections, seconds: options.seconds };
      const bareSpeed = await applyLoad({ url: bare.url, ...plan });
      report.measured({ ...situation, subject: BARE }, bareSpeed);
      for (const { subject, note } of subjects) {
        const speed = await load(subject, plan);
        const ratios = ratiosTo({ bare: bareSpeed.ratePerSecond, ...baselines }, speed.ratePerSecond);
        report.measured({ ...situation, subject: subject.name }, speed, ratios);
        if (connections === FULL) note(ratios, speed);
      }
    }
  }
  await bare.stop();
  for (const { subject } of subjects) await subject.servers.stop();
}

/** The bare server says what a real one said. */
async function startBare(work: Work, [subject]: readonly Opened[]): Promise<ServerProcess> {
  if (!subject) throw new Error("there is nothing to measure");
  const answers = await recordAnswers(subject.url, work.requests.slice(0, 1));
  if (work.consumesEach > 0) subject.servers.confirmed();
  return startBareServer(answers);
}

/** The sentences about one server. @returns what adds a round to them; reading a balance has no targets */
function openClaims({ report }: HttpStage, { part, work }: Single, name: string): (to: Ratios, speed: Speed) => void {
  if (work.consumesEach === 0) return () => undefined;
  const of = `${name}, ${FULL} connections`;
  const besideBare = report.claim({
    ...{ part, says: `${of}: requests per second`, baseline: `a ${BARE} server with the same answers` },
    target: { must: "at least", limit: 0.5 },
  });
  const tail = report.claim({
    ...{ part, says: `${of}: p99`, baseline: "its own p50" },
    target: { must: "under", limit: 3 },
  });
  const hasPgbench = work.spread === "one account" && name.includes("PostgreSQL");
  const besidePgbench = hasPgbench
    ? report.claim({
        ...{ part, says: `${of}: consumes per second`, baseline: "pgbench with 64 clients" },
        target: { must: "at least", limit: 3 },
      })
    : undefined;
  return (to, { p50Ms, p99Ms }) => {
    besideBare.ratios.push(to["bare"] ?? Number.NaN);
    tail.ratios.push(p99Ms / p50Ms);
    besidePgbench?.ratios.push(to["pgbench 64"] ?? Number.NaN);
  };
}
