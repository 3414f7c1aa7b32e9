import { measurePgbench } from "../baselines/measure-pgbench.ts";
import { type Ratios, ratiosTo } from "../report/measurement.ts";
import type { Claim } from "../report/target.ts";
import { type Part, roundsOf } from "../run.ts";
import type { Spread } from "../workload.ts";
import type { Engine } from "./engine.ts";
import type { EngineStage } from "./fixture.ts";

/** How many callers wait at once. */
const CALLERS = [1, 64, 256, 1_024];
/** The most of them. */
const MANY = 1_024;
/** As many as a server has in an ordinary moment, and as many as Prisma gets. */
const SOME = 64;

/** How many times pgbench's best is the target. */
const besidePgbench: Readonly<Record<Spread, number>> = { "one account": 5, "10,000 accounts": 3 };

type About = { readonly part: string; readonly spread: Spread };

/** Consumes that wait together, beside pgbench and Prisma on the same PostgreSQL. */
export const consumePart = (part: string, spread: Spread): Part<EngineStage> => ({
  name: part,
  says: `consuming in this process, ${spread}, beside pgbench and Prisma's interactive transaction`,
  run: (stage) => measureConsume(stage, { part, spread }),
});

async function measureConsume(stage: EngineStage, about: About): Promise<void> {
  const { report, options } = stage;
  const sites = [stage.sqlite, stage.postgresql].filter((site) => site !== undefined);
  const engines = await Promise.all(sites.map((site) => site.open()));
  const claims = stage.postgresql && openClaims(stage, about);
  for (const engine of engines) await engine.consume({ spread: about.spread, callers: SOME, seconds: 1 });

  for (const round of roundsOf(options)) {
    const baselines: Readonly<Record<string, number>> = {
      ...(await measurePgbench(stage, { ...about, round })),
      ...(await measurePrisma(stage, about, round)),
    };
    for (const engine of engines) {
      for (const callers of CALLERS) {
        const rate = await measureEngine(stage, engine, { ...about, callers, round, baselines });
        if (engine.name.includes("PostgreSQL")) claims?.note(callers, ratiosTo(baselines, rate));
        if (engine.name.includes("PostgreSQL") && callers === MANY && about.spread === "one account") {
          const beside = { ...about, spread: "10,000 accounts" as const, callers, round, baselines: {} };
          claims?.evenness?.ratios.push(rate / (await measureEngine(stage, engine, beside)));
        }
      }
    }
  }
  for (const engine of engines) await engine.close();
  for (const finding of (await stage.prisma?.audit()) ?? []) report.finding(finding);
}

type Stretch = About & { readonly callers: number; readonly round: number } & {
  readonly baselines: Readonly<Record<string, number>>;
};

async function measureEngine({ report, options }: EngineStage, engine: Engine, stretch: Stretch): Promise<number> {
  const { part, spread, callers, round, baselines } = stretch;
  const work = await engine.consume({ spread, callers, seconds: options.seconds });
  if (work.refused > 0) report.finding(`${engine.name}: ${work.refused} refused, with ${callers} callers`);
  const situation = { part, what: "consume", spread, subject: engine.name, atOnce: callers, round };
  report.measured(situation, work, ratiosTo(baselines, work.ratePerSecond));
  return work.ratePerSecond;
}

async function measurePrisma(stage: EngineStage, about: About, round: number): Promise<Record<string, number>> {
  const { prisma, options, report } = stage;
  if (!prisma) return {};
  const speed = await prisma.run({ spread: about.spread, callers: SOME, seconds: options.seconds });
  const situation = { ...about, what: "consume", subject: "Prisma, interactive transaction", atOnce: SOME, round };
  report.measured(situation, speed);
  return { [`Prisma ${SOME}`]: speed.ratePerSecond };
}

/** The sentences about the engine on PostgreSQL. */
function openClaims({ report }: EngineStage, { part, spread }: About) {
  const claim = (says: string, baseline: string, limit: number): Claim =>
    report.claim({ part, says, baseline, target: { must: "at least", limit } });
  const many = `${MANY.toLocaleString("en")} callers, ${spread}: consumes per second`;
  const ofPgbench = claim(many, "pgbench at its best", besidePgbench[spread]);
  const some = `${SOME} callers, ${spread}: consumes per second`;
  const ofPrisma = claim(some, `Prisma's $transaction, ${SOME} callers`, 15);
  return {
    evenness: spread === "one account" ? claim(many, "the same over 10,000 accounts", 0.8) : undefined,
    note: (callers: number, ratios: Ratios) => {
      if (callers === MANY) ofPgbench.ratios.push(ratios["pgbench best"] ?? Number.NaN);
      if (callers === SOME) ofPrisma.ratios.push(ratios[`Prisma ${SOME}`] ?? Number.NaN);
    },
  };
}
