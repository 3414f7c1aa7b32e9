import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createTtlCache } from "./ttl-cache.ts";

/** A database whose row a test changes, and how often it was read. */
function createRow() {
  const row = { version: 1, reads: 0 };
  const cache = createTtlCache(async (keys: readonly string[]) => {
    row.reads += 1;
    const { version } = row;
    return new Map(keys.map((key) => [key, { version }]));
  });
  return { row, cache };
}

const atLeast = (version: number) => (value: { readonly version: number }) => value.version >= version;

describe("the cache of rows", () => {
  test("a cached value that is not acceptable is read again, and the new one is cached", async () => {
    const { row, cache } = createRow();
    expect(await cache.find("a", atLeast(1))).toEqual({ version: 1 });
    row.version = 2;
    expect(await cache.find("a", atLeast(1))).toEqual({ version: 1 });
    expect(await cache.find("a", atLeast(2))).toEqual({ version: 2 });
    expect(await cache.find("a", atLeast(2))).toEqual({ version: 2 });
    expect(row.reads).toBe(2);
  });

  test("a value that stays unacceptable is read again once a second, for each key by itself", async () => {
    const { row, cache } = createRow();
    await cache.find("a");
    for (let n = 0; n < 100; n += 1) expect(await cache.find("a", atLeast(9))).toEqual({ version: 1 });
    expect(row.reads).toBe(2);
    await cache.find("b");
    await cache.find("b", atLeast(9));
    expect(row.reads).toBe(4);
    row.version = 9;
    await setTimeout(1_100);
    expect(await cache.find("a", atLeast(9))).toEqual({ version: 9 });
    expect(row.reads).toBe(5);
  });

  test("concurrent look-ups that do not accept the cached value share one read", async () => {
    const { row, cache } = createRow();
    await cache.find("a");
    row.version = 2;
    const found = await Promise.all(Array.from({ length: 50 }, () => cache.find("a", atLeast(2))));
    expect(new Set(found.map((value) => value?.version))).toEqual(new Set([2]));
    expect(row.reads).toBe(2);
  });
});
