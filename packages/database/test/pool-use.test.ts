import { describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { Database, PoolUse } from "../src/index.ts";
import { granting, newAccount, perform } from "./commands.ts";
import { useDatabase } from "./use-database.ts";

const usesOf = (database: Database): readonly PoolUse[] => Object.values(database.poolUse());
const busyIn = (database: Database) => usesOf(database).reduce((sum, { busy }) => sum + busy, 0);
const waitingIn = (database: Database) => usesOf(database).reduce((sum, { waiting }) => sum + waiting, 0);

describe.each(["postgresql", "mysql", "mongodb"] as const)("connections to %s", (kind) => {
  describeOn(kind)("", () => {
    const here = useDatabase(kind);

    test("the use of the pools shows calls in progress and calls that wait, and nothing once all are done", async () => {
      const { database } = here;
      const pools = kind === "mongodb" ? ["all"] : ["ledger", "logs", "records"];
      expect(Object.keys(database.poolUse())).toEqual(pools);
      await perform(database.ledger, granting(newAccount(), 1));
      let mostBusy = 0;
      let mostWaiting = 0;
      const look = () => {
        mostBusy = Math.max(mostBusy, busyIn(database));
        mostWaiting = Math.max(mostWaiting, waitingIn(database));
      };
      const looking = setInterval(look, 1);
      // More than any pool has connections.
      const calls = Array.from({ length: 60 }, () => database.users.list({}, { limit: 1 }));
      setImmediate(look);
      await Promise.all(calls);
      clearInterval(looking);
      expect(mostBusy).toBeGreaterThanOrEqual(8);
      expect(mostWaiting).toBeGreaterThan(0);
      await expect.poll(() => [busyIn(database), waitingIn(database)]).toEqual([0, 0]);
      for (const { idle } of usesOf(database)) expect(idle).toBeGreaterThanOrEqual(0);
      expect(usesOf(database).reduce((sum, { idle }) => sum + idle, 0)).toBeGreaterThan(0);
    });
  });
});

describeOn("sqlite")("a file", () => {
  const here = useDatabase("sqlite");

  test("a file has no pool", () => {
    expect(here.database.poolUse()).toEqual({});
  });
});
