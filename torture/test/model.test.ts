import { describeOn, type FreshDatabase, freshDatabase, sqlKinds } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runModel } from "../src/engine/run.ts";

/** Always the same, so that a run that fails can be had again; `pnpm torture` takes another one each time. */
const SEED = 20_250_101;
const OPERATIONS = 110_000;

for (const kind of sqlKinds) {
  describeOn(kind)(`the ledger on ${kind}`, () => {
    let database: FreshDatabase;
    beforeAll(async () => {
      database = await freshDatabase(kind);
    });
    afterAll(() => database?.drop());

    test(`answers ${OPERATIONS} requests as the model does, and holds what the model has`, {
      timeout: 180_000,
    }, async () => {
      const run = { url: database.url, operations: OPERATIONS, seed: SEED, shortest: true };
      const { failure, operations, tally } = await runModel(run);
      expect(failure).toBeUndefined();
      expect(operations).toBeGreaterThanOrEqual(OPERATIONS);
      // A model test in which hardly anything happens would be easy to pass.
      for (const kind of ["grant", "consume", "revoke", "hold", "extend", "capture", "release", "refund"]) {
        expect([kind, (tally.get(`${kind}: done`) ?? 0) > 500]).toEqual([kind, true]);
        expect([kind, (tally.get(`${kind}: replayed`) ?? 0) > 10]).toEqual([kind, true]);
      }
    });
  });
}
