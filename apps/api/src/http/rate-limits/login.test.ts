import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCounters } from "./counters.ts";
import { type Attempt, createLoginLimits, type LoginLimits } from "./login.ts";

const account = "ann@example.com";
const attacker = { account, address: "203.0.113.9" };
const ann = { account, address: "192.0.2.1" };

let limits: LoginLimits;
let guessed: number;
beforeEach(() => {
  vi.useFakeTimers();
  guessed = 0;
  const counters = createCounters(undefined);
  limits = createLoginLimits({ counters, history: counters, perAddress: { points: 60, seconds: 60 } });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Tries a wrong password, a new one unless `password` is given. @returns whether it was compared. */
const guess = async (attempt: Attempt = attacker, password = `wrong-${++guessed}`) => {
  const verdict = await limits.begin(attempt);
  if (verdict.isOpen) await limits.failed(attempt, verdict, password);
  return verdict.isOpen;
};
const guesses = async (count: number, attempt: Attempt = attacker) => {
  let compared = 0;
  for (let n = 0; n < count; n += 1) compared += Number(await guess(attempt));
  return compared;
};
const isOpen = async (attempt: Attempt) => (await limits.begin(attempt)).isOpen;
const wait = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);
const HOUR = 3_600;

/** Guesses for some hours, every `everySeconds`, while the owner tries between two guesses. */
async function attack(attempt: (n: number) => Attempt, { everySeconds, hours, owner }: Attack) {
  let [compared, closedSeconds, longestSeconds] = [0, 0, 0];
  for (let n = 0; n < (hours * HOUR) / everySeconds; n += 1) {
    compared += await guesses(1, attempt(n));
    await wait(everySeconds);
    closedSeconds = (await isOpen(owner)) ? 0 : closedSeconds + everySeconds;
    longestSeconds = Math.max(longestSeconds, closedSeconds);
  }
  return { compared, longestSeconds };
}
type Attack = { readonly everySeconds: number; readonly hours: number; readonly owner: Attempt };

describe("login limits of an account at an address", () => {
  test("an unknown origin compares five wrong passwords in a window, and each window is twice as long", async () => {
    expect(await guesses(20)).toBe(5);
    for (const seconds of [60, 120]) {
      await wait(seconds - 1);
      expect(await guesses(1)).toBe(0);
      await wait(1.1);
      expect(await guesses(20)).toBe(5);
    }
  });

  test("concurrent wrong passwords start the longest window, and after it five are compared", async () => {
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => limits.begin(attacker)));
    await Promise.all(verdicts.map((verdict, n) => limits.failed(attacker, verdict, `concurrent-${n}`)));
    await wait(61);
    expect(await guesses(20)).toBe(0);
    await wait(840);
    expect(await guesses(20)).toBe(5);
  });

  test("an attacker with one address compares at most 500 passwords of an account in a day", async () => {
    const { compared } = await attack(() => attacker, { everySeconds: 10, hours: 24, owner: attacker });
    expect(compared).toBeGreaterThan(400);
    expect(compared).toBeLessThanOrEqual(500);
  });

  test.each([1, 7, 20, 60, 240])(
    "one wrong password every %i s from the owner's own new address keeps the owner out for at most 15 minutes",
    async (everySeconds) => {
      const { longestSeconds } = await attack(() => attacker, { everySeconds, hours: 6, owner: attacker });
      expect(longestSeconds).toBeLessThanOrEqual(900);
    },
  );

  test("one wrong password counts once, however often it is repeated", async () => {
    for (let n = 0; n < 100; n += 1) expect(await guess(attacker, "an old password")).toBe(true);
    expect(await guesses(20)).toBe(4);
  });

  test("failures at one address close no other address", async () => {
    await guesses(50);
    expect(await isOpen(ann)).toBe(true);
  });

  test("the correct password starts the count again", async () => {
    await guesses(4);
    await limits.succeeded(attacker);
    expect(await guesses(5)).toBe(5);
  });
});

describe("login limits of a known origin", () => {
  beforeEach(() => limits.succeeded(ann));

  test("100 wrong passwords by others behind the same address do not close it, and then it opens every minute", async () => {
    expect(await guesses(99, ann)).toBe(99);
    expect(await isOpen(ann)).toBe(true);
    await guesses(50, ann);
    expect(await isOpen(ann)).toBe(false);
    await wait(61);
    expect(await isOpen(ann)).toBe(true);
  });

  test.each([2, 5, 13, 60])(
    "one wrong password every %i s behind the same address keeps the owner out for at most one minute",
    async (everySeconds) => {
      const { longestSeconds } = await attack(() => ann, { everySeconds, hours: 2, owner: ann });
      expect(longestSeconds).toBeLessThanOrEqual(60);
    },
  );

  test("an attacker behind the same address compares at most 7,300 passwords in a day", async () => {
    const { compared } = await attack(() => ann, { everySeconds: 4, hours: 24, owner: ann });
    expect(compared).toBeLessThanOrEqual(7_300);
  });

  test("it stays open while every other address guesses the password", async () => {
    const from = (n: number) => ({ account, address: `198.51.${n % 100}.${n % 250}` });
    expect(await attack(from, { everySeconds: 3, hours: 3, owner: ann })).toMatchObject({ longestSeconds: 0 });
  });

  test("it stays open while its address is limited", async () => {
    for (let n = 0; n < 100; n += 1) await guess({ ...ann, account: `${n}@example.com` });
    expect(await limits.begin(ann)).toMatchObject({ isOpen: true, isKnown: true, isLimited: true });
    expect(await limits.begin({ ...ann, account: "bob@example.com" })).toMatchObject({ isOpen: false });
  });

  test("refusals of known and unknown origins become slow after the same number of failures", async () => {
    const unknown = { ...ann, account: "no-user@example.com" };
    for (let n = 0; n < 10; n += 1) {
      const [one, other] = [await limits.begin(ann), await limits.begin(unknown)];
      expect([one.isLimited, other.isLimited]).toEqual(Array(2).fill(n >= 5));
      await Promise.all([guess(ann), guess(unknown)]);
    }
  });
});

describe("login limits of an account", () => {
  const from = (n: number) => ({ account, address: `198.51.${Math.floor(n / 250)}.${n % 250}` });
  const newAddress = { account, address: "192.0.2.77" };

  test("wrong passwords from ever new addresses close the account for unknown origins, for at most 15 minutes", async () => {
    let compared = 0;
    for (let n = 0; n < 100; n += 1) compared += await guesses(1, from(n));
    expect(compared).toBe(20);
    expect(await isOpen(newAddress)).toBe(false);
    await wait(901);
    expect(await isOpen(newAddress)).toBe(true);
  });

  test("one wrong password a minute, each from another address, never closes the account", async () => {
    const owner = newAddress;
    expect(await attack(from, { everySeconds: 60, hours: 24, owner })).toMatchObject({ longestSeconds: 0 });
  });

  test("addresses that go on failing leave the share of new addresses open", async () => {
    for (let n = 0; n < 4; n += 1) await guesses(5, from(n));
    await wait(901);
    for (let n = 0; n < 4; n += 1) await guesses(5, from(n));
    expect(await isOpen(from(0))).toBe(false);
    expect(await isOpen(newAddress)).toBe(true);
  });

  test("an attacker with any number of addresses compares at most 2,900 passwords of an account in a day", async () => {
    const { compared } = await attack((n) => from(n % 1_000), { everySeconds: 10, hours: 24, owner: newAddress });
    expect(compared).toBeLessThanOrEqual(2_900);
  });
});

describe("login limits of an address", () => {
  test("an address must wait after 60 wrong passwords for any accounts, and successful logins do not count", async () => {
    for (let n = 0; n < 200; n += 1) await limits.succeeded({ ...ann, account: `user-${n}@example.com` });
    for (let n = 0; n < 60; n += 1) expect(await guess({ ...ann, account: `${n}@example.com` })).toBe(true);
    const another = { ...ann, account: "another@example.com" };
    expect(await limits.begin(another)).toMatchObject({ isOpen: false, retryAfterSeconds: expect.any(Number) });
    await wait(61);
    expect(await guess(another)).toBe(true);
  });

  test("wrong passwords for one account do not close the address for other accounts", async () => {
    for (let n = 0; n < 20; n += 1) await guesses(50, ann);
    expect(await isOpen({ ...ann, account: "bob@example.com" })).toBe(true);
  });
});

describe("login limits of a session", () => {
  const thief = { ...attacker, sessionId: "stolen" };

  test("guesses with a stolen session close that session, and neither the account nor the address", async () => {
    expect(await guesses(100, thief)).toBe(5);
    expect(await isOpen(attacker)).toBe(true);
    expect(await isOpen({ ...thief, sessionId: "another" })).toBe(true);
    await wait(901);
    expect(await guess(thief)).toBe(true);
  });

  test("a limited address does not close sessions of users behind it", async () => {
    for (let n = 0; n < 100; n += 1) await guess({ ...attacker, account: `${n}@example.com` });
    expect(await isOpen(thief)).toBe(true);
  });
});
