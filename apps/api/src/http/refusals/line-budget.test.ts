import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LINES_PER_ADDRESS, LINES_PER_WINDOW, LineBudget } from "./line-budget.ts";

describe("the budget of log lines", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a flood from one address leaves lines for the others, and no flood writes more than the budget", () => {
    const budget = new LineBudget(() => undefined);
    const takenBy = (address: string, times: number) =>
      Array.from({ length: times }, () => budget.take("failed-login", address)).filter(Boolean).length;
    expect(takenBy("192.0.2.1", 1_000)).toBe(LINES_PER_ADDRESS);
    expect(takenBy("192.0.2.2", 1)).toBe(1);
    const others = Array.from({ length: 1_000 }, (_, at) => takenBy(`198.51.100.${at}`, 1));
    expect(others.filter(Boolean)).toHaveLength(LINES_PER_WINDOW - LINES_PER_ADDRESS - 1);
    expect(budget.take("forbidden", "192.0.2.1")).toBe(true);
  });

  test("what is suppressed is reported once at the end of the minute, and the next minute has a new budget", () => {
    const reported: unknown[] = [];
    const budget = new LineBudget((kind, count) => reported.push([kind, count]));
    for (let at = 0; at < LINES_PER_ADDRESS + 7; at += 1) budget.take("failed-login", "192.0.2.1");
    expect(reported).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(reported).toEqual([["failed-login", 7]]);
    expect(budget.take("failed-login", "192.0.2.1")).toBe(true);
    vi.advanceTimersByTime(120_000);
    expect(reported).toHaveLength(1);
  });
});
