import { describe, expect, test } from "vitest";
import { timeLimit, timeoutScale } from "./time-limit.ts";

describe("time limits of tests", () => {
  test.each([
    { load: 0, cores: 2, scale: 1, says: "an idle machine does not shorten time limits" },
    { load: 2, cores: 2, scale: 1, says: "a process per core does not lengthen time limits" },
    { load: 7.1, cores: 2, scale: 3.6, says: "more processes than cores lengthen time limits in proportion" },
    { load: 40, cores: 2, scale: 6, says: "time limits are bounded, however many processes run" },
  ])("$says", ({ load, cores, scale }) => {
    expect(timeoutScale({}, { load, cores })).toBe(scale);
  });

  test("TEST_TIMEOUT_SCALE replaces the scale by load", () => {
    expect(timeoutScale({ TEST_TIMEOUT_SCALE: "10" }, { load: 40, cores: 2 })).toBe(10);
    expect(timeoutScale({ TEST_TIMEOUT_SCALE: "0.5" }, { load: 40, cores: 2 })).toBe(0.5);
  });

  test.each(["0", "-1", "fast", "Infinity"])("TEST_TIMEOUT_SCALE=%s is refused with what is right", (given) => {
    expect(() => timeoutScale({ TEST_TIMEOUT_SCALE: given })).toThrow(
      `TEST_TIMEOUT_SCALE must be a number above zero, such as 3, not "${given}"`,
    );
  });

  test("every process of a run has the same scale", ({ task }) => {
    // The main process has computed the limit of this test, and this process computes the same.
    expect(task.timeout).toBe(timeLimit(60));
  });
});
