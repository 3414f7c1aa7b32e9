import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { wrapStores } from "../src/index.ts";
import { methodsOf, storesIn } from "./store-methods.ts";
import { useDatabase } from "./use-database.ts";

describeOn("sqlite")("the store wrapper", () => {
  const here = useDatabase("sqlite");

  test("the store wrapper replaces every method of every store of an open database", async () => {
    const originals = methodsOf(storesIn(here.database));
    const calls: unknown[] = [];
    const wrapped = wrapStores(here.database, (call) => async () => void calls.push(call));
    const replacements = methodsOf(wrapped);
    expect([...replacements.keys()].toSorted()).toEqual([...originals.keys()].toSorted());
    for (const replacement of replacements.values()) await (replacement as () => Promise<void>)();
    expect(new Set(calls)).toEqual(new Set(originals.values()));
    expect(originals.size).toBeGreaterThan(30);
  });

  test("the store wrapper finds the same method in another set of stores", async () => {
    const others = wrapStores(here.database, () => async () => "other");
    const wrapped = wrapStores(
      here.database,
      (_, callIn) =>
        (...args) =>
          callIn(others)(...args),
    );
    for (const call of methodsOf(wrapped).values()) expect(await (call as () => Promise<unknown>)()).toBe("other");
  });

  test("the methods of a wrapped database get their arguments and return their results", async () => {
    const { users, counters } = {
      ...here.database,
      ...wrapStores(
        here.database,
        (call) =>
          (...args) =>
            call(...args),
      ),
    };
    expect(await users.find("missing@example.com" as never)).toBeUndefined();
    expect(await counters.add("key", { nowMs: 1, expiresAtMs: 9 })).toEqual({ points: 1, expiresAtMs: 9 });
  });
});
