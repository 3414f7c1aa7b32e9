import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCounters } from "./counters.ts";
import { createLoginLimits, type LoginLimits } from "./login.ts";

const attacker = { account: "ann@example.com", address: "203.0.113.9" };
const ann = { account: "ann@example.com", address: "192.0.2.1" };

let limits: LoginLimits;
beforeEach(() => {
  vi.useFakeTimers();
  limits = createLoginLimits(createCounters(undefined), { points: 60, seconds: 60 });
});
afterEach(() => {
  vi.useRealTimers();
});

const guess = async (attempt = attacker) => {
  const verdict = await limits.begin(attempt);
  if (verdict.is !== "limited") await limits.failed(attempt, verdict);
  return verdict.is;
};
const guesses = async (count: number, attempt = attacker) => {
  const seen: string[] = [];
  for (let n = 0; n < count; n += 1) seen.push(await guess(attempt));
  return seen;
};
const wait = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe("login limits of an account and address", () => {
  test("five wrong passwords lock the account for the address, then one attempt passes per delay, which grows to 15 minutes", async () => {
    expect(await guesses(8)).toEqual([...Array(5).fill("open"), "locked", "locked", "locked"]);
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      await wait(seconds - 1);
      expect(await guess()).toBe("locked");
      await wait(1.1);
      expect(await guesses(2)).toEqual(["open", "locked"]);
    }
  });

  test("concurrent wrong passwords lead to the longest delay, and after it one attempt passes", async () => {
    const seen = await Promise.all(Array.from({ length: 20 }, () => limits.begin(attacker)));
    expect(seen).toEqual(Array(20).fill({ is: "open" }));
    await Promise.all(seen.map((verdict) => limits.failed(attacker, verdict)));
    await wait(60);
    const later = await Promise.all(Array.from({ length: 20 }, () => limits.begin(attacker)));
    expect(later.filter(({ is }) => is === "open")).toHaveLength(1);
    await wait(840);
    expect(await guess()).toBe("locked");
    await wait(61);
    expect(await guess()).toBe("open");
  });

  test("a lock does not affect other addresses", async () => {
    await guesses(20);
    expect(await limits.begin(ann)).toEqual({ is: "open" });
  });

  test("a successful login resets the counter", async () => {
    await guesses(4);
    expect(await limits.begin(attacker)).toEqual({ is: "open" });
    await limits.succeeded(attacker);
    expect(await guesses(6)).toEqual([...Array(5).fill("open"), "locked"]);
  });

  test("wrong passwords from many addresses lock the account, except for addresses with an earlier successful login", async () => {
    await limits.begin(ann);
    await limits.succeeded(ann);
    for (let n = 0; n < 50; n += 1) await guess({ ...attacker, address: `198.51.100.${n}` });
    const stranger = { ...attacker, address: "198.51.100.200" };
    expect(await limits.begin(stranger)).toEqual({ is: "locked" });
    expect(await limits.begin(ann)).toEqual({ is: "open" });
    await wait(3_601);
    expect(await limits.begin(stranger)).toEqual({ is: "open" });
  });
});

describe("login limits of an address", () => {
  test("an address must wait after 60 wrong passwords for any accounts, and successful logins do not count", async () => {
    for (let n = 0; n < 200; n += 1) {
      const attempt = { ...ann, account: `user-${n}@example.com` };
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
