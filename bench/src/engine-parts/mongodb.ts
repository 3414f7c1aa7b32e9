import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { openMongodbTransaction, transactionClients } from "../baselines/mongodb-transaction.ts";
import { auditMongodb, populateMongodb } from "../mongodb-ground.ts";
import { type Part, roundsOf } from "../run.ts";
import { spreads } from "../workload.ts";
import { createEngineOn } from "./engine.ts";
import type { EngineStage } from "./stage.ts";

/** The same variable as the tests have. */
const serverUrl = process.env["TEST_MONGODB_URL"] ?? "";

const CALLERS = [1, 64, 256, 1_024];
const MANY = 1_024;

/** Consumes on MongoDB that wait together, beside a transaction of its driver for each. */
export const mongodbPart: Part<EngineStage> = {
  name: "mongodb",
  says: "consuming in this process on MongoDB, beside a transaction of its driver for each consume",
  run: async (stage) => {
    if (serverUrl) await measureMongodb(stage);
    else stage.report.progress("no MongoDB is measured: TEST_MONGODB_URL names none");
  },
};

/** Several hosts may stand in the URL, so it is not one that URL could take apart. */
const withDatabase = (name: string) => serverUrl.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);

async function measureMongodb({ report, options }: EngineStage): Promise<void> {
  const name = `jifen_bench_${randomBytes(4).toString("hex")}`;
  const url = withDatabase(`${name}_1`);
  const books = await new MongoClient(url).connect();
  // As many connections as clients.
  const beside = await new MongoClient(withDatabase(`${name}_2`)).connect();
  try {
    const { version } = await books.db().command({ buildInfo: 1 });
    report.progress(`MongoDB ${version}: making ten thousand accounts`);
    const ground = {
      ...{ name: "engine on MongoDB", url, populate: () => populateMongodb(books) },
      audit: (tally: Parameters<typeof auditMongodb>[1]) => auditMongodb(books, tally),
    };
    const engine = await (await createEngineOn(ground, report)).open();
    const baseline = await openMongodbTransaction(beside);
    for (const spread of spreads) {
      await engine.consume({ spread, callers: 64, seconds: 1 });
      const claim = report.claim({
        ...{ part: "mongodb", says: `MongoDB, ${MANY.toLocaleString("en")} callers, ${spread}: consumes per second` },
        ...{ baseline: "its driver's transaction at its best", target: { must: "at least", limit: 3 } },
      });
      for (const round of roundsOf(options)) {
        const about = { part: "mongodb", what: "consume", spread, round } as const;
        let best = 0;
        for (const clients of transactionClients) {
          const speed = await baseline.run({ spread, clients, seconds: options.seconds });
          report.measured({ ...about, subject: "transaction of the driver", atOnce: clients }, speed);
          best = Math.max(best, speed.ratePerSecond);
        }
        for (const callers of CALLERS) {
          const work = await engine.consume({ spread, callers, seconds: options.seconds });
          if (work.refused > 0) report.finding(`${engine.name}: ${work.refused} refused, with ${callers} callers`);
          const ratio = work.ratePerSecond / best;
          report.measured({ ...about, subject: engine.name, atOnce: callers }, work, { "transaction best": ratio });
          if (callers === MANY) claim.ratios.push(ratio);
        }
      }
    }
    await engine.close();
    for (const finding of await baseline.audit()) report.finding(finding);
  } finally {
    for (const client of [books, beside]) {
      await client.db().dropDatabase();
      await client.close();
    }
  }
}
