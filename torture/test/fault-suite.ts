import { endServers, hasOwnMysql, hasOwnPostgresql } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, expect, test } from "vitest";
import { type FaultRun, runFaults } from "../src/faults/run.ts";
import type { Kind } from "../src/scratch.ts";

type Faults = Pick<FaultRun, "kind" | "kills" | "losses" | "stops">;

/** The databases that cannot be killed here; CI must have PostgreSQL. */
const missing: Readonly<Record<Kind, string | undefined>> = {
  sqlite: undefined,
  postgresql: hasOwnPostgresql() || process.env["CI"] ? undefined : "PostgreSQL is not installed",
  mysql: hasOwnMysql() ? undefined : "MariaDB is not installed",
  mongodb: process.env["TEST_MONGODB_URL"] ? undefined : "TEST_MONGODB_URL is not set",
};

/** Injects faults under load on each database. */
export function testFaults(runs: readonly Faults[]): void {
  afterAll(endServers);
  test.for(runs)(
    "with killed servers, lost connections and a stopped $kind, no acknowledged effect is lost, doubled or invented",
    { timeout: timeLimit(300) },
    async (run, { skip }) => {
      const reason = missing[run.kind];
      if (reason !== undefined) console.error(`\n!!! NO FAULTS ARE INJECTED ON ${run.kind.toUpperCase()}: ${reason}\n`);
      skip(reason !== undefined, reason);
      const { findings } = await runFaults({ ...run, seed: 1, say: console.log });
      expect(findings).toEqual([]);
    },
  );
}
