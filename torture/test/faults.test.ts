import { endServers } from "@jifen/testkit/processes";
import { afterAll, expect, test } from "vitest";
import { runFaults } from "../src/faults/run.ts";

afterAll(endServers);

test("servers killed, connections cut, PostgreSQL killed and stopped: nothing is lost, done twice or made up", {
  timeout: 300_000,
}, async () => {
  const { findings, tally } = await runFaults({ seed: 1, kills: 20, cuts: 300, stops: 2, say: console.log });
  expect(findings).toEqual([]);
  expect(
    [...tally].filter(([name]) => name.endsWith(": done")).reduce((sum, [, times]) => sum + times, 0),
  ).toBeGreaterThan(500);
});
