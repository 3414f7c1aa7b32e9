import { type GrantId, type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  annInPerson,
  bob,
  byShop,
  capture,
  consumeCredits,
  grantCredits,
  key,
  refusalOf,
  release,
  shop,
  unwrap,
} from "../../test/commands.ts";
import type { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { createPendingHold, endlessGrant, expiringGrant } from "../../test/pending-hold.ts";
import { findViolations } from "../../test/violations.ts";

const remaining = (ledger: InMemoryLedger, id: GrantId) => ledger.grants.get(id)?.remaining;

describe("capture", () => {
  test.each([
    { amount: null, captured: 50, expiringHas: 0, endlessHas: 50, says: "all of a hold without an amount" },
    {
      amount: 50,
      captured: 50,
      expiringHas: 0,
      endlessHas: 50,
      says: "all of a hold when the amount is the held amount",
    },
    {
      amount: 49,
      captured: 49,
      expiringHas: 0,
      endlessHas: 51,
      says: "all but one credit, which returns to the grant taken from last",
    },
    {
      amount: 30,
      captured: 30,
      expiringHas: 0,
      endlessHas: 70,
      says: "the part of one grant, and returns the part of the other",
    },
    { amount: 1, captured: 1, expiringHas: 29, endlessHas: 70, says: "a single credit, of the grant taken from first" },
  ])("capture charges $says", ({ amount, captured, expiringHas, endlessHas }) => {
    const { ledger, id } = createPendingHold();
    const { hold: resolved, entry } = unwrap(ledger.run(capture(id, amount)));
    expect(resolved).toMatchObject({ state: "captured", captured, released: 50 - captured, expired: 0 });
    expect(ledger.holds.get(id)).toEqual(resolved);
    expect([remaining(ledger, expiringGrant), remaining(ledger, endlessGrant)]).toEqual([expiringHas, endlessHas]);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: expiringHas + endlessHas, held: 0 });
    expect(entry).toMatchObject({ kind: "capture", amount: captured, balanceAfter: expiringHas + endlessHas });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("a capture entry credits system:earned, with the hold, the action and the metadata", () => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = 2_000;
    const { entry, hold: resolved } = unwrap(ledger.run(capture(id, 35)));
    expect(entry).toMatchObject({
      ...{ debit: `${ann}:held`, credit: "system:earned", action: "render", metadata: '{"frames":24}' },
      ...{
        referenceId: id,
        requestParams: '{"by":"service","amount":35}',
        expiredOnReturn: 0,
        heldAfter: 0,
        createdAtMs: 2_000,
        ...byShop,
      },
      allocations: [
        { grantId: expiringGrant, amount: 30 },
        { grantId: endlessGrant, amount: 5 },
      ],
    });
    expect(resolved).toMatchObject({ resolvedAtMs: 2_000 });
  });

  test("a capture with metadata of its own has it instead of that of the hold, which keeps its own", () => {
    const { ledger, id } = createPendingHold();
    const { entry, hold: resolved } = unwrap(ledger.run(capture(id, 35, { metadata: '{"seconds":7}' })));
    expect(entry).toMatchObject({
      ...{ metadata: '{"seconds":7}', requestParams: '{"by":"service","amount":35,"hasMetadata":true}' },
    });
    expect(resolved).toMatchObject({ metadata: '{"frames":24}' });
    // The rest is no charge: nothing was used of it.
    expect(ledger.journal.at(-2)).toMatchObject({ kind: "release", metadata: null });
  });

  test("a partial capture writes a release entry before its own; a full capture does not", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(capture(id, 35)));
    expect(ledger.journal.slice(-2)).toMatchObject([
      {
        kind: "release",
        amount: 15,
        referenceId: id,
        allocations: [{ grantId: endlessGrant, amount: 15 }],
        heldAfter: 35,
      },
      { kind: "capture", amount: 35 },
    ]);
    const other = createPendingHold();
    unwrap(other.ledger.run(capture(other.id, null)));
    expect(other.ledger.journal.map(({ kind }) => kind)).toEqual(["grant", "grant", "hold", "capture"]);
  });

  test("capture charges credits whose grant expired after they were held", () => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = 9_000;
    expect(unwrap(ledger.run(capture(id, null))).entry).toMatchObject({
      amount: 50,
      expiredOnReturn: 0,
      balanceAfter: 50,
    });
    expect(findViolations(ledger)).toEqual([]);
  });

  test.each([
    { nowMs: 8_999, expiredOnReturn: 0, balance: 90, says: "returns the rest to a grant in its last millisecond" },
    { nowMs: 9_000, expiredOnReturn: 20, balance: 70, says: "expires the rest when its grant has expired" },
  ])("a partial capture $says", ({ nowMs, expiredOnReturn, balance }) => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = nowMs;
    const { entry } = unwrap(ledger.run(capture(id, 10)));
    expect(entry).toMatchObject({ amount: 10, expiredOnReturn, balanceAfter: balance + expiredOnReturn });
    expect(ledger.accounts.get(ann)).toMatchObject({ balance, held: 0 });
    expect(remaining(ledger, expiringGrant)).toBe(20 - expiredOnReturn);
    const expired = ledger.journal.filter(({ kind }) => kind === "expire").map(({ amount }) => amount);
    expect(expired).toEqual(expiredOnReturn === 0 ? [] : [20]);
    expect(findViolations(ledger)).toEqual([]);
  });
});

describe("a hold is captured at most once", () => {
  test.each([
    { first: (id: HoldId) => capture(id, 10), state: "captured", says: "after a partial capture" },
    { first: (id: HoldId) => release(id), state: "released", says: "after a release" },
  ])("capture refuses a resolved hold $says", ({ first, state }) => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(first(id)));
    const before = ledger.accounts.get(ann);
    ledger.nowMs = 2_000;
    const again = capture(id, 1);
    expect(refusalOf(ledger.run(again))).toEqual({ code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs: 1_000 });
    expect(ledger.accounts.get(ann)).toEqual(before);
  });

  test.each([
    { nowMs: 60_999, refusal: undefined, says: "succeeds in the last millisecond of the hold" },
    {
      nowMs: 61_000,
      refusal: { code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAtMs: 61_000 },
      says: "is refused at the expiry by the database's clock",
    },
  ])("capture $says", ({ nowMs, refusal }) => {
    const { ledger, id } = createPendingHold();
    ledger.nowMs = nowMs;
    expect(refusalOf(ledger.run(capture(id, null)))).toEqual(refusal);
    expect(ledger.holds.get(id)).toMatchObject(refusal ? { captured: 0, expired: 50 } : { captured: 50, expired: 0 });
    expect(findViolations(ledger)).toEqual([]);
  });
});

describe("refusals of capture", () => {
  test.each([
    {
      amount: 51,
      by: shop,
      refusal: { code: "CAPTURE_EXCEEDS_HOLD", amount: 51, held: 50 },
      says: "an amount above the hold",
    },
    {
      amount: 1,
      by: annInPerson,
      refusal: { code: "FORBIDDEN" },
      says: "another kind of caller than the one that placed the hold",
    },
    {
      amount: 51,
      by: annInPerson,
      refusal: { code: "FORBIDDEN" },
      says: "another kind of caller before it checks the amount",
    },
  ] as const)("capture refuses $says", ({ amount, by, refusal }) => {
    const { ledger, id } = createPendingHold();
    expect(refusalOf(ledger.run(capture(id, amount, { by })))).toEqual(refusal);
    expect(ledger.holds.get(id)).toMatchObject({ state: "pending", captured: 0 });
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: 50, held: 50 });
  });

  test("capture refuses a resolved hold before it checks the amount", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(release(id)));
    expect(refusalOf(ledger.run(capture(id, 51)))).toMatchObject({ code: "HOLD_ALREADY_RESOLVED" });
  });

  test("capture refuses a hold that does not exist or belongs to another account", () => {
    const { ledger, id } = createPendingHold();
    unwrap(ledger.run(grantCredits(5, { accountId: bob })));
    expect(refusalOf(ledger.run(capture(holdId("hold-x"), null)))).toEqual({ code: "HOLD_NOT_FOUND" });
    expect(refusalOf(ledger.run(capture(id, null, { accountId: bob })))).toEqual({ code: "HOLD_NOT_FOUND" });
    const together = ledger.runBatch([capture(id, 50, { accountId: bob }), capture(id, 50)]);
    expect(together.map(refusalOf)).toEqual([{ code: "HOLD_NOT_FOUND" }, undefined]);
  });
});

test("a retry of a capture returns the first entry, whatever happened since", () => {
  const { ledger, id } = createPendingHold();
  const fields = { idempotencyKey: key("done-1") };
  const first = unwrap(ledger.run(capture(id, 10, fields)));
  unwrap(ledger.run(consumeCredits(40)));
  ledger.nowMs = 99_000;
  expect(unwrap(ledger.run(capture(id, 10, fields)))).toEqual({ ...first, replayed: true });
  expect(ledger.journal.filter(({ kind }) => kind === "capture")).toHaveLength(1);
});
