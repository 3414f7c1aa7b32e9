import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCounters } from "./counters.ts";
import { createLoginLimits, type LoginLimits } from "./login.ts";

const thief = { account: "ann@example.com", address: "203.0.113.9" };
const ann = { account: "ann@example.com", address: "192.0.2.1" };

let limits: LoginLimits;
beforeEach(() => {
  vi.useFakeTimers();
  limits = createLoginLimits(createCounters(undefined), { points: 60, seconds: 60 });
});
afterEach(() => {
  vi.useRealTimers();
});

const guess = async (attempt = thief) => {
  const verdict = await limits.begin(attempt);
  if (verdict.is !== "limited") await limits.failed(attempt, verdict);
  return verdict.is;
};
const guesses = async (count: number, attempt = thief) => {
  const seen: string[] = [];
  for (let n = 0; n < count; n += 1) seen.push(await guess(attempt));
  return seen;
};
const wait = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe("guessing the password of an account", () => {
  test("meets a lock after five, and then may try once in a time that grows to a quarter of an hour", async () => {
    expect(await guesses(8)).toEqual([...Array(5).fill("open"), "locked", "locked", "locked"]);
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      await wait(seconds - 1);
      expect(await guess()).toBe("locked");
      await wait(1.1);
      expect(await guesses(2)).toEqual(["open", "locked"]);
    }
  });

  test("many times at once is paid for with the longest wait; once it is locked one passes, and right ones always do", async () => {
    const seen = await Promise.all(Array.from({ length: 20 }, () => limits.begin(thief)));
    expect(seen).toEqual(Array(20).fill({ is: "open" }));
    await Promise.all(seen.map((verdict) => limits.failed(thief, verdict)));
    await wait(60);
    const later = await Promise.all(Array.from({ length: 20 }, () => limits.begin(thief)));
    expect(later.filter(({ is }) => is === "open")).toHaveLength(1);
    await wait(840);
    expect(await guess()).toBe("locked");
    await wait(61);
    expect(await guess()).toBe("open");
  });

  test("locks nobody out who comes from elsewhere", async () => {
    await guesses(20);
    expect(await limits.begin(ann)).toEqual({ is: "open" });
  });

  test("is forgotten once the right one is given", async () => {
    await guesses(4);
    expect(await limits.begin(thief)).toEqual({ is: "open" });
    await limits.succeeded(thief);
    expect(await guesses(6)).toEqual([...Array(5).fill("open"), "locked"]);
  });

  test("from everywhere locks the account, but not for those who logged in from where they are before", async () => {
    await limits.begin(ann);
    await limits.succeeded(ann);
    for (let n = 0; n < 50; n += 1) await guess({ ...thief, address: `198.51.100.${n}` });
    const stranger = { ...thief, address: "198.51.100.200" };
    expect(await limits.begin(stranger)).toEqual({ is: "locked" });
    expect(await limits.begin(ann)).toEqual({ is: "open" });
    await wait(3_601);
    expect(await limits.begin(stranger)).toEqual({ is: "open" });
  });
});

describe("guessing from one address", () => {
  test("is told to wait after so many wrong passwords, whatever the accounts; right ones do not count", async () => {
    for (let n = 0; n < 200; n += 1) {
      const attempt = { ...ann, account: `somebody-${n}@example.com` };
      expect(await limits.begin(attempt)).toEqual({ is: "open" });
      await limits.succeeded(attempt);
    }
    for (let n = 0; n < 60; n += 1) expect(await guess({ ...ann, account: `${n}@example.com` })).toBe("open");
    expect(await limits.begin({ ...ann, account: "another@example.com" })).toEqual({
      is: "limited",
      retryAfterSeconds: expect.any(Number),
    });
    await wait(61);
    expect(await guess({ ...ann, account: "another@example.com" })).toBe("open");
  });
});
