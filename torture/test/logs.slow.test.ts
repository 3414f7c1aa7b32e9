// Expected duration: 600 s on two cores.

import { endServers } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, expect, test } from "vitest";
import { runLogs } from "../src/logs/run.ts";

afterAll(endServers);

test.for([
  { kind: "sqlite", kills: 100, losses: 0 },
  { kind: "postgresql", kills: 100, losses: 400 },
  { kind: "mysql", kills: 20, losses: 100 },
  { kind: "mongodb", kills: 20, losses: 60 },
] as const)(
  "after $kills killed servers on $kind and $losses lost connections, each acknowledged log is stored once and counted once",
  { timeout: timeLimit(1_800) },
  async (run, { skip }) => {
    const isMissing = run.kind === "mongodb" && !process.env["TEST_MONGODB_URL"];
    if (isMissing) console.error("\n!!! NO SERVERS ARE KILLED ON MONGODB: TEST_MONGODB_URL is not set\n");
    skip(isMissing);
    const { findings } = await runLogs({ ...run, seed: 1, say: console.log });
    expect(findings).toEqual([]);
  },
);
