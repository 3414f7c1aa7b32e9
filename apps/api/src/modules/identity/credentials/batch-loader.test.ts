import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createBatchLoader } from "./batch-loader.ts";

/** A look-up that answers when it is told to; `asked` has the keys of each one that has begun. */
function manual() {
  const asked: (readonly string[])[] = [];
  const answers: PromiseWithResolvers<ReadonlyMap<string, number>>[] = [];
  const find = createBatchLoader((keys: readonly string[]) => {
    asked.push(keys);
    const answer = Promise.withResolvers<ReadonlyMap<string, number>>();
    answers.push(answer);
    return answer.promise;
  });
  const answer = (at: number, found: Record<string, number> | Error) =>
    found instanceof Error ? answers[at]?.reject(found) : answers[at]?.resolve(new Map(Object.entries(found)));
  return { asked, find, answer };
}

describe("look-ups that wait together", () => {
  test("go together when they are asked for in one moment, or while two others run", async () => {
    const { asked, find, answer } = manual();
    const first = Promise.all(["a", "b"].map(find));
    await expect.poll(() => asked).toEqual([["a", "b"]]);
    const second = find("c");
    await expect.poll(() => asked).toEqual([["a", "b"], ["c"]]);
    const third = Promise.all(["d", "e"].map(find));
    await setImmediate();
    const fourth = find("f");
    await setImmediate();
    expect(asked).toEqual([["a", "b"], ["c"]]);
    answer(1, { c: 3 });
    await expect.poll(() => asked).toEqual([["a", "b"], ["c"], ["d", "e", "f"]]);
    answer(0, { a: 1, b: 2 });
    answer(2, { d: 4, f: 6 });
    expect(await Promise.all([first, second, third, fourth])).toEqual([[1, 2], 3, [4, undefined], 6]);
  });

  test("for the same key are one", async () => {
    const { asked, find, answer } = manual();
    const all = Promise.all(["a", "b", "c", "c"].map(find));
    await expect.poll(() => asked).toEqual([["a", "b", "c"]]);
    answer(0, { c: 3 });
    expect(await all).toEqual([undefined, undefined, 3, 3]);
  });

  test("are asked anew once they have been answered: nothing is remembered", async () => {
    const { asked, find, answer } = manual();
    const first = find("a");
    await expect.poll(() => asked).toHaveLength(1);
    answer(0, { a: 1 });
    expect(await first).toBe(1);
    const second = find("a");
    await expect.poll(() => asked).toHaveLength(2);
    answer(1, { a: 2 });
    expect(await second).toBe(2);
    expect(asked).toEqual([["a"], ["a"]]);
  });

  test("that fail are heard of by all who wait for them, and by nobody else", async () => {
    const { asked, find, answer } = manual();
    const settled = Promise.allSettled(["a", "b"].map(find));
    await expect.poll(() => asked).toHaveLength(1);
    const other = find("c");
    await expect.poll(() => asked).toHaveLength(2);
    answer(0, new Error("gone"));
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const after = find("d");
    await expect.poll(() => asked).toHaveLength(3);
    answer(2, { d: 4 });
    answer(1, { c: 3 });
    expect(await Promise.all([other, after])).toEqual([3, 4]);
  });

  test("are at most 500 at a time", async () => {
    const { asked, find, answer } = manual();
    const all = Promise.all(Array.from({ length: 1_200 }, (_, key) => find(String(key))));
    for (let at = 0; at < 3; at += 1) {
      await expect.poll(() => asked.length).toBeGreaterThan(at);
      answer(at, Object.fromEntries((asked[at] ?? []).map((key) => [key, Number(key)])));
    }
    expect(await all).toEqual(Array.from({ length: 1_200 }, (_, key) => key));
    expect(asked.map(({ length }) => length)).toEqual([500, 500, 200]);
  });
});
