import { endServers, hasOwnMysql } from "@jifen/testkit/processes";
import { afterAll, expect, test } from "vitest";
import { runFaults } from "../src/faults/run.ts";

afterAll(endServers);

const runs = [
  { kind: "sqlite", kills: 4, cuts: 0, stops: 0 },
  { kind: "postgresql", kills: 16, cuts: 300, stops: 2 },
  { kind: "mysql", kills: 8, cuts: 100, stops: 2 },
  // Its primary steps down in a test of its own, because every other one on the same server would notice.
  { kind: "mongodb", kills: 6, cuts: 60, stops: 0 },
] as const;

const isSkipped = (kind: (typeof runs)[number]["kind"]) =>
  (kind === "mysql" && !hasOwnMysql()) || (kind === "mongodb" && !process.env["TEST_MONGODB_URL"]);
if (isSkipped("mysql")) console.error("\n!!! NO MARIADBD TO START: NO FAULTS ON MYSQL ARE TRIED.\n");

test.for(runs)(
  "servers killed, connections cut, $kind killed and stopped: nothing is lost, done twice or made up",
  {
    timeout: 300_000,
  },
  async (run, { skip }) => {
    skip(isSkipped(run.kind));
    const { findings, tally } = await runFaults({ ...run, seed: 1, say: console.log });
    expect(findings).toEqual([]);
    expect(
      [...tally].filter(([name]) => name.endsWith(": done")).reduce((sum, [, times]) => sum + times, 0),
    ).toBeGreaterThan(run.kind === "postgresql" ? 500 : 50);
  },
);
