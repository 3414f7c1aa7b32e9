import {
  type DatabaseKind,
  databaseKinds,
  describeOn,
  type FreshDatabase,
  freshDatabase,
  promise,
} from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runModel } from "../src/engine/run.ts";

/** Always the same, so that a failed run can be repeated; `pnpm torture` takes another one each time. */
const SEED = 20_250_101;

/** Compares the ledger on each database with the model, over a number of random requests. */
export function testModel(operationsOn: Readonly<Record<DatabaseKind, number>>, timeout: number): void {
  for (const kind of databaseKinds) {
    describeOn(kind)(`the ledger on ${kind}`, promise("model", kind), () => {
      let database: FreshDatabase;
      beforeAll(async () => {
        database = await freshDatabase(kind);
      });
      afterAll(() => database?.drop());

      const requested = operationsOn[kind];

      test(`the ledger on ${kind} answers ${requested} requests as the model does, and stores the same rows`, {
        timeout,
      }, async () => {
        const run = { url: database.url, operations: requested, seed: SEED, shortest: true };
        const { failure, operations, tally } = await runModel(run);
        expect(failure).toBeUndefined();
        expect(operations).toBeGreaterThanOrEqual(requested);
        // A model test in which hardly anything happens would pass easily.
        for (const kind of ["grant", "consume", "revoke", "hold", "extend", "capture", "release", "refund"]) {
          expect([kind, (tally.get(`${kind}: done`) ?? 0) > requested / 400]).toEqual([kind, true]);
          expect([kind, (tally.get(`${kind}: replayed`) ?? 0) > requested / 20_000]).toEqual([kind, true]);
        }
      });
    });
  }
}
