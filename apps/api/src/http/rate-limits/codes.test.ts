import { describe, expect, test } from "vitest";
import { createCodeLimits } from "./codes.ts";
import { createCounters } from "./counters.ts";

describe("limits of wrong redemption codes", () => {
  const rate = { points: 3, seconds: 3_600 };
  const [office, home] = ["198.51.100.1", "198.51.100.2"];

  test("one user's wrong codes stop that user at every address, and no other user of the address", async () => {
    const limits = createCodeLimits(createCounters(undefined), rate);
    for (let n = 0; n < rate.points; n += 1) await limits.failed({ user: "one", address: office });
    expect(await limits.retryAfter({ user: "one", address: home })).toBeGreaterThan(0);
    expect(await limits.retryAfter({ user: "two", address: office })).toBeUndefined();
  });

  test("an address stops when it has ten times the wrong codes of one user", async () => {
    const limits = createCodeLimits(createCounters(undefined), rate);
    for (let n = 0; n < rate.points * 10 - 1; n += 1) await limits.failed({ user: `user-${n}`, address: office });
    expect(await limits.retryAfter({ user: "another", address: office })).toBeUndefined();
    await limits.failed({ user: "last", address: office });
    expect(await limits.retryAfter({ user: "another", address: office })).toBeGreaterThan(0);
    expect(await limits.retryAfter({ user: "another", address: home })).toBeUndefined();
  });
});
