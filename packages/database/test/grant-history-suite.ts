import { type GrantId, grantId, type HoldId, type HoldState, holdId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { Page } from "../src/index.ts";
import { consuming, done, granting, holding, newAccount, perform, releasing } from "./commands.ts";
import { useDatabase } from "./use-database.ts";

/** The grants that the history has of an account, on every database. */
export function describeGrantHistory(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const run = async (command: Parameters<typeof perform>[1]) => done(await perform(here.database.ledger, command));

  describe("the grants of an account", () => {
    const account = newAccount();
    const idOf = (n: number) => grantId(`grant-0${n}-${account}`);
    beforeAll(async () => {
      // The third has a smaller priority number, so it is spent first.
      for (const n of [3, 1, 4, 2]) {
        await run({ ...granting(account, n * 10), grantId: idOf(n), priority: n === 3 ? 40 : 50 });
      }
      await run({
        ...granting(account, 50),
        grantId: idOf(5),
        source: "purchase",
        priority: 7,
        expiresAtMs: 9_999_999_999_999,
      });
      await run(consuming(account, 55));
      await run(granting(newAccount(), 1));
    });
    const list = async (page: Page<GrantId> & { readonly isOpen?: boolean }) =>
      (await here.database.history.grants(account, page)).map(({ id }) => id);

    test("grants returns the grants of an account, newest first, used up or not", async () => {
      const grants = await here.database.history.grants(account, { limit: 10 });
      expect(grants.map(({ id, amount, remaining }) => [id, amount, remaining])).toEqual([
        [idOf(5), 50, 0],
        [idOf(4), 40, 40],
        [idOf(3), 30, 25],
        [idOf(2), 20, 20],
        [idOf(1), 10, 10],
      ]);
      expect(grants[0]).toMatchObject({
        accountId: account,
        source: "purchase",
        priority: 7,
        expiresAtMs: 9_999_999_999_999,
      });
    });

    test("grants returns pages", async () => {
      expect(await list({ limit: 2 })).toEqual([idOf(5), idOf(4)]);
      expect(await list({ limit: 2, before: idOf(4) })).toEqual([idOf(3), idOf(2)]);
      expect(await list({ limit: 2, before: idOf(2) })).toEqual([idOf(1)]);
      expect(await list({ limit: 2, before: idOf(1) })).toEqual([]);
    });

    test("of open grants, grants returns those that have something left", async () => {
      expect(await list({ limit: 10, isOpen: true })).toEqual([idOf(4), idOf(3), idOf(2), idOf(1)]);
      expect(await list({ limit: 2, before: idOf(3), isOpen: true })).toEqual([idOf(2), idOf(1)]);
    });

    test("holds returns the holds of an account, newest first, of one state or of all, in pages", async () => {
      const holdOf = (n: number) => holdId(`hold-0${n}-${account}`);
      for (const n of [2, 1, 3]) await run({ ...holding(account, 1), holdId: holdOf(n) });
      await run(releasing(account, holdOf(3)));
      const idsOf = async (filter: { readonly state?: HoldState }, page: Page<HoldId>) =>
        (await here.database.history.holds(account, filter, page)).map(({ id }) => id);
      expect(await idsOf({}, { limit: 10 })).toEqual([holdOf(3), holdOf(2), holdOf(1)]);
      expect(await idsOf({ state: "pending" }, { limit: 1 })).toEqual([holdOf(2)]);
      expect(await idsOf({ state: "pending" }, { limit: 10, before: holdOf(2) })).toEqual([holdOf(1)]);
      expect(await idsOf({ state: "released" }, { limit: 10 })).toEqual([holdOf(3)]);
      expect(await here.database.history.holds(newAccount(), {}, { limit: 10 })).toEqual([]);
    });

    test("grantsById returns only grants of the account", async () => {
      const another = { ...granting(newAccount(), 1) };
      await run(another);
      const found = await here.database.history.grantsById(account, [idOf(4), another.grantId, idOf(5)]);
      expect(found.map(({ id }) => id).toSorted()).toEqual([idOf(4), idOf(5)]);
      expect(await here.database.history.grantsById(account, [])).toEqual([]);
    });
  });
}
