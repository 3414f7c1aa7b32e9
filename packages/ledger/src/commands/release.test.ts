import { type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  annInPerson,
  capture,
  consumeCredits,
  grantCredits,
  key,
  refusalOf,
  release,
  unwrap,
} from "../../test/commands.ts";
import { createPendingHold, endlessGrant, expiringGrant } from "../../test/pending-hold.ts";
import { findViolations } from "../../test/violations.ts";
import { balanceAfterExpirations } from "../entry.ts";

describe("release", () => {
  test("release returns the whole hold to its grants and charges nothing", () => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = 2_000;
    const { entry, hold: resolved } = unwrap(ledger.run(release(id, { metadata: '{"why":"cancelled"}' })));
    expect(resolved).toMatchObject({
      ...{ state: "released", captured: 0, released: 50, expired: 0, resolvedAtMs: 2_000 },
    });
    expect(ledger.holds.get(id)).toEqual(resolved);
    expect([ledger.grants.get(expiringGrant)?.remaining, ledger.grants.get(endlessGrant)?.remaining]).toEqual([30, 70]);
    expect(entry).toMatchObject({
      ...{
        kind: "release",
        amount: 50,
        action: "render",
        metadata: '{"why":"cancelled"}',
        referenceId: id,
        expiredOnReturn: 0,
      },
      ...{ debit: `${ann}:held`, credit: ann, balanceAfter: 100, heldAfter: 0, allocations: resolved?.allocations },
    });
    expect(findViolations(ledger)).toEqual([]);
  });

  test.each([
    { nowMs: 8_999, expiredOnReturn: 0, balance: 100, says: "returns credits to a grant in its last millisecond" },
    {
      nowMs: 9_000,
      expiredOnReturn: 30,
      balance: 70,
      says: "expires credits of an expired grant, and records them in expiredOnReturn",
    },
  ])("release $says", ({ nowMs, expiredOnReturn, balance }) => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = nowMs;
    const { entry } = unwrap(ledger.run(release(id)));
    expect(entry).toMatchObject({ amount: 50, expiredOnReturn, balanceAfter: 100 });
    expect(balanceAfterExpirations(entry)).toBe(balance);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance, held: 0 });
    expect(
      ledger.journal.filter(({ kind }) => kind === "expire").map(({ amount, referenceId }) => [amount, referenceId]),
    ).toEqual(expiredOnReturn === 0 ? [] : [[30, expiringGrant]]);
    expect(findViolations(ledger)).toEqual([]);
  });

  test("release sets the next expiry to that of a grant that was empty before", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(grantCredits(1, { expiresAtMs: 2_000 })));
    ledger.nowMs = 2_000;
    ledger.processExpirationsOf(ann);
    expect(ledger.accounts.get(ann)).toMatchObject({ nextExpiryMs: 61_000 });
    unwrap(ledger.run(release(id)));
    expect(ledger.accounts.get(ann)).toMatchObject({ nextExpiryMs: 9_000 });
    ledger.nowMs = 9_000;
    expect(refusalOf(ledger.run(consumeCredits(71)))).toMatchObject({ code: "INSUFFICIENT_CREDITS", balance: 70 });
  });
});

describe("refusals of release", () => {
  test.each([
    { first: (id: HoldId) => capture(id, 10), state: "captured", says: "captured" },
    { first: (id: HoldId) => release(id), state: "released", says: "released" },
  ])("release refuses a hold that was $says", ({ first, state }) => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(first(id)));
    const before = ledger.accounts.get(ann);
    expect(refusalOf(ledger.run(release(id)))).toEqual({ code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs: 1_000 });
    expect(ledger.accounts.get(ann)).toEqual(before);
  });

  test.each([
    { nowMs: 60_999, refusal: undefined, says: "succeeds in the last millisecond of the hold" },
    {
      nowMs: 61_000,
      refusal: { code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAtMs: 61_000 },
      says: "is refused at the expiry of the hold",
    },
  ])("release $says", ({ nowMs, refusal }) => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = nowMs;
    expect(refusalOf(ledger.run(release(id)))).toEqual(refusal);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: 70, held: 0 });
  });

  test.each([
    {
      command: (id: HoldId) => release(id, { by: annInPerson }),
      code: "FORBIDDEN",
      says: "that another kind of caller placed",
    },
    { command: () => release(holdId("hold-x")), code: "HOLD_NOT_FOUND", says: "that does not exist" },
  ])("release refuses a hold $says", ({ command, code }) => {
    const { ledger, id } = createPendingHold();
    expect(refusalOf(ledger.run(command(id)))).toEqual({ code });
    expect(ledger.holds.get(id)).toMatchObject({ state: "pending" });
  });
});

test("a retry of a release returns the first entry, whatever happened since", () => {
  const { ledger, id } = createPendingHold();
  const fields = { idempotencyKey: key("cancel-1") };
  ledger.nowMs = 9_000;
  const first = unwrap(ledger.run(release(id, fields)));
  unwrap(ledger.run(consumeCredits(70)));
  ledger.nowMs = 99_000;
  expect(unwrap(ledger.run(release(id, fields)))).toEqual({ ...first, replayed: true });
  expect(ledger.journal.filter(({ kind }) => kind === "release")).toHaveLength(1);
});
