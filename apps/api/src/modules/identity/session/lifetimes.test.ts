import { describe, expect, test } from "vitest";
import { lifeOf, longestSeconds } from "./lifetimes.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const lifetimes = { userSeconds: 30 * 86_400, staffSeconds: 12 * 3_600 };
const signedInAtMs = 1_000;

describe("lifeOf", () => {
  test("the session of an end user expires a fixed time after the log-in, however late its token was issued", () => {
    const life = lifeOf({ role: "user", signedInAtMs, issuedAtMs: signedInAtMs + DAY_MS }, lifetimes);
    expect(life).toEqual({ expiresAtMs: signedInAtMs + 30 * DAY_MS, endsAtMs: signedInAtMs + 30 * DAY_MS });
  });

  test("the session of staff expires twelve hours after its token was issued", () => {
    const life = lifeOf({ role: "support", signedInAtMs, issuedAtMs: signedInAtMs + HOUR_MS }, lifetimes);
    expect(life).toEqual({ expiresAtMs: signedInAtMs + 13 * HOUR_MS, endsAtMs: signedInAtMs + 7 * DAY_MS });
  });

  test("the session of staff ends seven days after the log-in, even if it was renewed an hour before", () => {
    const life = lifeOf({ role: "admin", signedInAtMs, issuedAtMs: signedInAtMs + 7 * DAY_MS - HOUR_MS }, lifetimes);
    expect(life.expiresAtMs).toBe(signedInAtMs + 7 * DAY_MS);
  });

  test("the longest session is that of an end user, or seven days where that is less", () => {
    expect(longestSeconds(lifetimes)).toBe(30 * 86_400);
    expect(longestSeconds({ ...lifetimes, userSeconds: 60 })).toBe(7 * 86_400);
  });
});
