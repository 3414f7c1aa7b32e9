import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { workOnce } from "./work-once.ts";

/** A job that counts how often it was run. */
function countedJob({ isOpen = true, fails = false } = {}) {
  const job = {
    runs: 0,
    isOpen: async () => isOpen,
    run: async () => {
      job.runs += 1;
      await sleep(5);
      if (fails) throw new Error("the model failed");
      return { seconds: "8" };
    },
  };
  return job;
}

describe("workOnce", () => {
  test("concurrent and later requests for one hold do the work once and have the same result", async () => {
    const job = countedJob();
    const ask = () => workOnce("hold-1", job);
    const results = [...(await Promise.all([ask(), ask(), ask()])), await ask()];
    expect(results).toEqual(results.map(() => ({ state: "done", used: { seconds: "8" } })));
    expect(job.runs).toBe(1);
  });

  test("work that failed is not repeated for the same hold, which is released", async () => {
    const job = countedJob({ fails: true });
    expect([await workOnce("hold-2", job), await workOnce("hold-2", job)]).toEqual([
      { state: "failed" },
      { state: "failed" },
    ]);
    expect(job.runs).toBe(1);
  });

  test("no work is done for a hold that is resolved, because nothing would pay for it", async () => {
    const job = countedJob({ isOpen: false });
    expect(await workOnce("hold-3", job)).toEqual({ state: "ended" });
    expect(job.runs).toBe(0);
  });

  test("a hold whose state cannot be read is not claimed, so that a retry does the work", async () => {
    const job = countedJob();
    const away = { ...job, isOpen: () => Promise.reject(new Error("no connection")) };
    await expect(workOnce("hold-4", away)).rejects.toThrow("no connection");
    expect(await workOnce("hold-4", job)).toMatchObject({ state: "done" });
    expect(job.runs).toBe(1);
  });
});
