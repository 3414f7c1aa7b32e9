/** Runs in each test process: prepares the databases of the tests as the operator's will be. */
import { distributeDatabase, migrateDatabase } from "../../packages/database/src/index.ts";
import { createWith, prepareDatabases } from "../../packages/testkit/src/fresh-database.ts";
import { createCitusDatabase } from "../../packages/testkit/src/processes.ts";
import { isScripted, migrateAndRun, scriptVariables } from "./after-migrations.ts";
import { CLUSTER_VARIABLE } from "./cluster.ts";

const clusterUrl = process.env[CLUSTER_VARIABLE];
if (clusterUrl) createWith("postgresql", () => createCitusDatabase(clusterUrl));

prepareDatabases(async (kind, url) => {
  const script = isScripted(kind) ? process.env[scriptVariables[kind]] : undefined;
  if (isScripted(kind) && script) await migrateAndRun(kind, url, script);
  if (kind !== "postgresql" || !clusterUrl) return;
  await migrateDatabase(url);
  // The tests commit several accounts together, which have to be in one shard.
  await distributeDatabase(url, { shardCount: 1 });
});
