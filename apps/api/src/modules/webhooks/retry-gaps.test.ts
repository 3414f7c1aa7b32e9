import { expect, test } from "vitest";
import { KEPT_MS, nextTry } from "./retry-gaps.ts";

test("a delivery that fails is tried ten times over about three days", () => {
  const times = [0];
  for (let tries = 1; ; tries += 1) {
    const next = nextTry(tries, times.at(-1) ?? 0);
    if (next === null) break;
    times.push(next);
  }
  expect(times).toHaveLength(10);
  expect(times.slice(0, 3)).toEqual([0, 5_000, 305_000]);
  expect(times.at(-1)).toBe(KEPT_MS);
  expect(KEPT_MS / 3_600_000).toBeCloseTo(75.6, 1);
});
