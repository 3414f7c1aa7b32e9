import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { openMongodbTransaction, transactionClients } from "../baselines/mongodb-transaction.ts";
import { auditMongodb, populateMongodb } from "../mongodb-ground.ts";
import type { Part } from "../run.ts";
import { measureBeside } from "./baseline-comparison.ts";
import { createEngineOn } from "./engine.ts";
import type { EngineStage } from "./fixture.ts";

/** The same variable as the tests have. */
const serverUrl = process.env["TEST_MONGODB_URL"] ?? "";

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

async function measureMongodb(stage: EngineStage): Promise<void> {
  const { report } = stage;
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
    const entry = await openMongodbTransaction(beside);
    const baseline = {
      ...{
        subject: "transaction of the driver",
        says: "its driver's transaction at its best",
        ratio: "transaction best",
      },
      ...{ clients: transactionClients, run: entry.run },
    };
    await measureBeside(stage, { part: "mongodb", database: "MongoDB" }, { engine, baseline });
    await engine.close();
    for (const finding of await entry.audit()) report.finding(finding);
  } finally {
    for (const client of [books, beside]) {
      await client.db().dropDatabase();
      await client.close();
    }
  }
}
