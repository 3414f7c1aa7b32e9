import { type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  capture,
  consumeCredits,
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

function createLedgerOfAnn(): InMemoryLedger {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(60, { expiresAtMs: 90_000 })));
  unwrap(ledger.run(grantCredits(40)));
  return ledger;
}

describe("hold", () => {
  test.each([
    { amount: 100, balance: 0, says: "accepts the last credit of the balance" },
    { amount: 1, balance: 99, says: "accepts a single credit" },
  ])("hold $says", ({ amount, balance }) => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(hold(amount)));
    expect(ledger.accounts.get(ann)).toMatchObject({ balance, held: amount });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("hold refuses when one credit is missing", () => {
    expect(refusalOf(createLedgerOfAnn().run(hold(101)))).toEqual({
      code: "INSUFFICIENT_CREDITS",
      balance: 100,
      required: 101,
    });
  });

  test("held credits cannot be held or spent again", () => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(hold(80)));
    expect(refusalOf(ledger.run(hold(21)))).toMatchObject({ balance: 20, required: 21 });
    expect(refusalOf(ledger.run(consumeCredits(21)))).toMatchObject({ balance: 20, required: 21 });
  });

  test("a hold has its allocations, its caller, its action and its expiry", () => {
    const ledger = createLedgerOfAnn();
    const [first, second] = [...ledger.grants.keys()];
    ledger.nowMs = 5_000;
    const placed = unwrapHold(ledger.run(hold(70, { holdId: holdId("hold-1"), ttlSeconds: 7 })));
    expect(placed).toEqual({
      ...{ id: "hold-1", accountId: ann, placedBy: shop, action: "render", metadata: '{"frames":24}' },
      ...{ amount: 70, state: "pending", captured: 0, released: 0, expired: 0 },
      ...{ expiresAtMs: 12_000, createdAtMs: 5_000, resolvedAtMs: null },
      allocations: [
        { grantId: first, amount: 60 },
        { grantId: second, amount: 10 },
      ],
    });
    expect(ledger.holds.get("hold-1")).toEqual(placed);
  });

  test("a hold entry has all fields that a retry returns", () => {
    const { entry } = unwrap(createLedgerOfAnn().run(hold(70, { holdId: holdId("hold-1") })));
    expect(entry).toMatchObject({
      ...{ kind: "hold", amount: 70, action: "render", metadata: '{"frames":24}', referenceId: "hold-1" },
      ...{ requestParams: '{"placedBy":"service","ttlSeconds":60}', expiresAtMs: 61_000, expiredOnReturn: 0 },
      ...{ debit: ann, credit: `${ann}:held`, balanceAfter: 30, heldAfter: 70 },
    });
  });

  test.each([
    { ttlSeconds: 10, due: 11_000, says: "moves the account's next expiry forward" },
    { ttlSeconds: 600, due: 90_000, says: "does not delay an earlier next expiry" },
  ])("a hold $says", ({ ttlSeconds, due }) => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(hold(10, { ttlSeconds })));
    expect(ledger.accounts.get(ann)).toMatchObject({ nextExpiryMs: due });
  });
});

describe("a retry of a hold", () => {
  test.each([
    { resolve: undefined, nowMs: 2_000, says: "while the hold is pending" },
    { resolve: (id: HoldId) => capture(id, null), nowMs: 2_000, says: "after it was captured" },
    { resolve: (id: HoldId) => release(id), nowMs: 2_000, says: "after it was released" },
    { resolve: undefined, nowMs: 99_000, says: "after it expired" },
  ])("a retry of a hold returns the first entry $says", ({ resolve, nowMs }) => {
    const ledger = createLedgerOfAnn();
    const fields = { idempotencyKey: key("job-1") };
    const first = unwrap(ledger.run(hold(70, fields)));
    if (resolve && first.hold) unwrap(ledger.run(resolve(first.hold.id)));
    ledger.nowMs = nowMs;
    const entries = ledger.journal.filter(({ kind }) => kind === "hold").length;
    const retry = unwrap(ledger.run(hold(70, fields)));
    expect(retry).toMatchObject({ replayed: true, entry: first.entry });
    expect(retry.entry).toMatchObject({ expiresAtMs: 61_000, balanceAfter: 30, referenceId: first.hold?.id });
    expect(ledger.journal.filter(({ kind }) => kind === "hold")).toHaveLength(entries);
    expect(ledger.holds.size).toBe(1);
    expect(findViolations(ledger)).toEqual([]);
  });
});
