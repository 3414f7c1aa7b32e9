// Expected duration: 60 s on two cores.

import { promise } from "@jifen/testkit";
import { endServers } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, expect, test } from "vitest";
import { runStepDowns } from "../src/faults/run.ts";

afterAll(endServers);

/** The step-downs disturb every other test on that server, so this test has a variable of its own. */
const serverUrl = process.env["TEST_MONGODB_FAILOVER_URL"] ?? "";
const missing =
  "TEST_MONGODB_FAILOVER_URL names no MongoDB replica set that no other test uses, by a user with the role clusterManager";
if (!serverUrl) console.error(`\n!!! NO PRIMARY OF MONGODB STEPS DOWN. ${missing}\n`);

test("when the primary of MongoDB steps down repeatedly under load, no acknowledged effect is lost or doubled", {
  timeout: timeLimit(300),
  ...promise("failover", "mongodb"),
}, async ({ skip }) => {
  skip(!serverUrl, missing);
  const { findings } = await runStepDowns({ serverUrl, seed: 1, stops: 3, say: console.log });
  expect(findings).toEqual([]);
});
