import { describeOn, type FreshDatabase, freshDatabase, promise } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runInterleavings } from "../src/engine/interleavings.ts";

describe.each(["postgresql", "mysql", "mongodb"] as const)("two processes on one %s", (kind) => {
  describeOn(kind)("database", promise("race-matrix", kind), () => {
    let database: FreshDatabase;
    beforeAll(async () => {
      database = await freshDatabase(kind);
    });
    afterAll(() => database?.drop());

    test("each pair of requests on one account has the same result in two processes as one after the other", {
      timeout: timeLimit(300),
    }, async () => {
      const { pairs, findings } = await runInterleavings(database.url, database.secondUrl);
      expect(findings).toEqual([]);
      expect(pairs).toBeGreaterThan(400);
    });
  });
});
