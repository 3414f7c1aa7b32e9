import { promise } from "@jifen/testkit";
import { endServers } from "@jifen/testkit/processes";
import { afterAll, expect, test } from "vitest";
import { runStepDowns } from "../src/faults/run.ts";

afterAll(endServers);

/** Every other test on that server would be disturbed, so it is named for this one alone. */
const serverUrl = process.env["TEST_MONGODB_FAILOVER_URL"] ?? "";
const missing =
  "TEST_MONGODB_FAILOVER_URL names no MongoDB replica set that no other test uses, by a user with the role clusterManager";
if (!serverUrl) console.error(`\n!!! NO MONGODB STEPS DOWN. ${missing}\n`);

test("a primary of MongoDB steps down under load, again and again: nothing acknowledged is lost, or done twice", {
  timeout: 300_000,
  ...promise("failover", "mongodb"),
}, async ({ skip }) => {
  skip(!serverUrl, missing);
  const { findings, tally } = await runStepDowns({ serverUrl, seed: 1, stops: 3, say: console.log });
  expect(findings).toEqual([]);
  const done = [...tally].filter(([name]) => name.endsWith(": done")).reduce((sum, [, times]) => sum + times, 0);
  expect(done).toBeGreaterThan(100);
});
