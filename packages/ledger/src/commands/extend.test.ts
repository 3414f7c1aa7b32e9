import { type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  annInPerson,
  capture,
  extend,
  grantCredits,
  hold,
  key,
  refusalOf,
  release,
  shop,
  unwrap,
  unwrapHold,
} from "../../test/commands.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { findViolations } from "../../test/violations.ts";

/** A hold of 30 that expires at 11,000. */
function createPendingHold(): { readonly ledger: InMemoryLedger; readonly id: HoldId } {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(100)));
  return { ledger, id: unwrapHold(ledger.run(hold(30, { ttlSeconds: 10 }))).id };
}

describe("extend", () => {
  test.each([
    { nowMs: 1_000, ttlSeconds: 20, ends: 21_000, says: "counts the time from now" },
    { nowMs: 10_999, ttlSeconds: 1, ends: 11_999, says: "succeeds in the last millisecond of the hold" },
    { nowMs: 1_000, ttlSeconds: 10, ends: 11_000, says: "changes nothing when the expiry is the same" },
    { nowMs: 5_000, ttlSeconds: 1, ends: 11_000, says: "never shortens a hold" },
  ])("extend $says", ({ nowMs, ttlSeconds, ends }) => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = nowMs;
    const { entry, hold: extended } = unwrap(ledger.run(extend(id, ttlSeconds)));
    expect(extended).toMatchObject({ state: "pending", amount: 30, expiresAtMs: ends });
    expect(ledger.holds.get(id)).toEqual(extended);
    expect(entry).toMatchObject({
      ...{ kind: "extend", amount: 0, allocations: [], action: "render", referenceId: id, expiresAtMs: ends },
      ...{ requestParams: JSON.stringify({ by: "service", ttlSeconds }), balanceAfter: 70, heldAfter: 30 },
    });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("an extended hold can be captured after its first expiry", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(extend(id, 60)));
    ledger.nowMs = 60_999;
    expect(unwrap(ledger.run(capture(id, null))).entry).toMatchObject({ amount: 30 });
  });

  test("an extended hold expires at its new expiry", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(extend(id, 60)));
    ledger.nowMs = 61_000;
    ledger.processExpirationsOf(ann);
    expect(ledger.holds.get(id)).toMatchObject({ state: "expired", expired: 30 });
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: 100, held: 0 });
  });
});

describe("refusals of extend", () => {
  test.each([
    {
      by: shop,
      nowMs: 11_000,
      refusal: { code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAtMs: 11_000 },
    },
    { by: annInPerson, nowMs: 1_000, refusal: { code: "FORBIDDEN" } },
    { by: annInPerson, nowMs: 11_000, refusal: { code: "FORBIDDEN" } },
  ] as const)("extend by a $by at $nowMs is refused with $refusal.code", ({ by, nowMs, refusal }) => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = nowMs;
    expect(refusalOf(ledger.run(extend(id, 60, { by })))).toEqual(refusal);
  });

  test("extend refuses a hold that does not exist", () => {
    expect(refusalOf(createPendingHold().ledger.run(extend(holdId("hold-x"), 60)))).toEqual({ code: "HOLD_NOT_FOUND" });
  });

  test("extend refuses a released hold", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(release(id)));
    ledger.nowMs = 2_000;
    expect(refusalOf(ledger.run(extend(id, 60)))).toEqual({
      code: "HOLD_ALREADY_RESOLVED",
      state: "released",
      resolvedAtMs: 1_000,
    });
  });
});

test("a retry of an extend returns the first expiry, although the hold was extended again", () => {
  const { ledger, id } = createPendingHold();
  const fields = { idempotencyKey: key("more-1") };
  const first = unwrap(ledger.run(extend(id, 60, fields)));
  ledger.nowMs = 30_000;
  unwrap(ledger.run(extend(id, 600)));
  const retry = unwrap(ledger.run(extend(id, 60, fields)));
  expect(retry).toMatchObject({ replayed: true, entry: first.entry });
  expect(retry.entry.expiresAtMs).toBe(61_000);
  expect(ledger.holds.get(id)).toMatchObject({ expiresAtMs: 630_000 });
  unwrap(ledger.run(release(id)));
  expect(unwrap(ledger.run(extend(id, 60, fields))).entry).toEqual(first.entry);
});
