import { databaseKinds, describeOn, type FreshDatabase, freshDatabase, promise } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runModel } from "../src/engine/run.ts";

/** Always the same, so that a run that fails can be had again; `pnpm torture` takes another one each time. */
const SEED = 20_250_101;
const OPERATIONS = { sqlite: 110_000, postgresql: 110_000, mysql: 40_000, mongodb: 40_000 };

for (const kind of databaseKinds) {
  describeOn(kind)(`the ledger on ${kind}`, promise("model", kind), () => {
    let database: FreshDatabase;
    beforeAll(async () => {
      database = await freshDatabase(kind);
    });
    afterAll(() => database?.drop());

    const operationsHere = OPERATIONS[kind];

    test(`answers ${operationsHere} requests as the model does, and holds what the model has`, {
      timeout: 180_000,
    }, async () => {
      const run = { url: database.url, operations: operationsHere, seed: SEED, shortest: true };
      const { failure, operations, tally } = await runModel(run);
      expect(failure).toBeUndefined();
      expect(operations).toBeGreaterThanOrEqual(operationsHere);
      // A model test in which hardly anything happens would be easy to pass.
      for (const kind of ["grant", "consume", "revoke", "hold", "extend", "capture", "release", "refund"]) {
        expect([kind, (tally.get(`${kind}: done`) ?? 0) > operationsHere / 400]).toEqual([kind, true]);
        expect([kind, (tally.get(`${kind}: replayed`) ?? 0) > operationsHere / 20_000]).toEqual([kind, true]);
      }
    });
  });
}
