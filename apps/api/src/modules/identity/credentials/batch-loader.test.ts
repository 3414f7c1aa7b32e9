import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createBatchLoader } from "./batch-loader.ts";

/** A loader whose batches the test resolves; `batches` has the keys of each batch that has begun. */
function createManualLoader() {
  const batches: (readonly string[])[] = [];
  const results: PromiseWithResolvers<ReadonlyMap<string, number>>[] = [];
  const find = createBatchLoader((keys: readonly string[]) => {
    batches.push(keys);
    const result = Promise.withResolvers<ReadonlyMap<string, number>>();
    results.push(result);
    return result.promise;
  });
  const settle = (at: number, found: Record<string, number> | Error) =>
    found instanceof Error ? results[at]?.reject(found) : results[at]?.resolve(new Map(Object.entries(found)));
  return { batches, find, settle };
}

describe("the batch loader", () => {
  test("look-ups of the same turn, and look-ups while two batches run, form one batch", async () => {
    const { batches, find, settle } = createManualLoader();
    const first = Promise.all(["a", "b"].map(find));
    await expect.poll(() => batches).toEqual([["a", "b"]]);
    const second = find("c");
    await expect.poll(() => batches).toEqual([["a", "b"], ["c"]]);
    const third = Promise.all(["d", "e"].map(find));
    await setImmediate();
    const fourth = find("f");
    await setImmediate();
    expect(batches).toEqual([["a", "b"], ["c"]]);
    settle(1, { c: 3 });
    await expect.poll(() => batches).toEqual([["a", "b"], ["c"], ["d", "e", "f"]]);
    settle(0, { a: 1, b: 2 });
    settle(2, { d: 4, f: 6 });
    expect(await Promise.all([first, second, third, fourth])).toEqual([[1, 2], 3, [4, undefined], 6]);
  });

  test("look-ups of the same key are one look-up", async () => {
    const { batches, find, settle } = createManualLoader();
    const all = Promise.all(["a", "b", "c", "c"].map(find));
    await expect.poll(() => batches).toEqual([["a", "b", "c"]]);
    settle(0, { c: 3 });
    expect(await all).toEqual([undefined, undefined, 3, 3]);
  });

  test("a look-up after the answer is a new one: the loader keeps no values", async () => {
    const { batches, find, settle } = createManualLoader();
    const first = find("a");
    await expect.poll(() => batches).toHaveLength(1);
    settle(0, { a: 1 });
    expect(await first).toBe(1);
    const second = find("a");
    await expect.poll(() => batches).toHaveLength(2);
    settle(1, { a: 2 });
    expect(await second).toBe(2);
    expect(batches).toEqual([["a"], ["a"]]);
  });

  test("a failure rejects every look-up of its batch, and no other", async () => {
    const { batches, find, settle } = createManualLoader();
    const settled = Promise.allSettled(["a", "b"].map(find));
    await expect.poll(() => batches).toHaveLength(1);
    const other = find("c");
    await expect.poll(() => batches).toHaveLength(2);
    settle(0, new Error("gone"));
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const after = find("d");
    await expect.poll(() => batches).toHaveLength(3);
    settle(2, { d: 4 });
    settle(1, { c: 3 });
    expect(await Promise.all([other, after])).toEqual([3, 4]);
  });

  test("a batch has at most 500 keys", async () => {
    const { batches, find, settle } = createManualLoader();
    const all = Promise.all(Array.from({ length: 1_200 }, (_, key) => find(String(key))));
    for (let at = 0; at < 3; at += 1) {
      await expect.poll(() => batches.length).toBeGreaterThan(at);
      settle(at, Object.fromEntries((batches[at] ?? []).map((key) => [key, Number(key)])));
    }
    expect(await all).toEqual(Array.from({ length: 1_200 }, (_, key) => key));
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 200]);
  });
});
