import {
  type Credits,
  credits,
  grantId,
  MAX_AMOUNT,
  MAX_BALANCE,
  type TransactionId,
  transactionId,
} from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  bob,
  capture,
  consumeCredits,
  grantCredits,
  hold,
  key,
  refund,
  refusalOf,
  unwrap,
  unwrapHold,
} from "../../test/commands.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { findViolations } from "../../test/violations.ts";
import { balanceAfterExpirations } from "../entry.ts";

const expiringGrant = grantId("grant-expiring");
const endlessGrant = grantId("grant-endless");

/** A charge of 50: all 30 of a grant that expires at 9,000, and 20 of a grant without expiry. */
function createCharge(): { readonly ledger: InMemoryLedger; readonly id: TransactionId } {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(30, { grantId: expiringGrant, expiresAtMs: 9_000 })));
  unwrap(ledger.run(grantCredits(70, { grantId: endlessGrant })));
  return { ledger, id: unwrap(ledger.run(consumeCredits(50))).entry.id };
}

const left = (ledger: InMemoryLedger) => [
  ledger.grants.get(expiringGrant)?.remaining,
  ledger.grants.get(endlessGrant)?.remaining,
];

describe("refund", () => {
  test.each([
    { parts: [null], grants: [30, 70], says: "all of a charge without an amount" },
    { parts: [50], grants: [30, 70], says: "all of a charge when the amount is the charged amount" },
    { parts: [1], grants: [0, 51], says: "a single credit, to the grant taken from last" },
    { parts: [20], grants: [0, 70], says: "the part of one grant" },
    { parts: [21], grants: [1, 70], says: "the part of one grant and a credit of the grant before it" },
    { parts: [15, 10], grants: [5, 70], says: "in parts, each beginning where the one before ended" },
    { parts: [15, 10, null], grants: [30, 70], says: "the rest after some parts" },
    { parts: [20, 30], grants: [30, 70], says: "in parts that sum up to the charge" },
  ])("refund returns $says", ({ parts, grants }) => {
    const { ledger, id } = createCharge();
    for (const part of parts) unwrap(ledger.run(refund(id, part)));
    expect(left(ledger)).toEqual(grants);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: grants.reduce((sum, each) => sum + each), held: 0 });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("a refund entry has the charge, the allocations and the metadata", () => {
    const { ledger, id } = createCharge();
    const { entry } = unwrap(ledger.run(refund(id, 21, { metadata: '{"why":"blurry"}' })));
    expect(entry).toMatchObject({
      ...{
        kind: "refund",
        amount: 21,
        action: "video",
        metadata: '{"why":"blurry"}',
        referenceId: id,
        expiredOnReturn: 0,
      },
      ...{ requestParams: '{"amount":21}', debit: "system:earned", credit: ann, balanceAfter: 71, heldAfter: 0 },
      allocations: [
        { grantId: endlessGrant, amount: 20 },
        { grantId: expiringGrant, amount: 1 },
      ],
    });
  });

  test("a captured amount can be refunded, but not more of the hold", () => {
    const { ledger } = createCharge();
    const { id } = unwrapHold(ledger.run(hold(40)));
    const { entry } = unwrap(ledger.run(capture(id, 15)));
    expect(refusalOf(ledger.run(refund(entry.id, 16)))).toMatchObject({ charged: 15, refunded: 0, amount: 16 });
    expect(unwrap(ledger.run(refund(entry.id, null))).entry).toMatchObject({ amount: 15, balanceAfter: 50 });
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
  ])("refund $says", ({ nowMs, expiredOnReturn, balance }) => {
    const { ledger, id } = createCharge();
    ledger.nowMs = nowMs;
    const { entry } = unwrap(ledger.run(refund(id, null)));
    expect(entry).toMatchObject({ amount: 50, expiredOnReturn, balanceAfter: 100 });
    expect(balanceAfterExpirations(entry)).toBe(balance);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance });
    expect(ledger.journal.at(-1)).toMatchObject(
      expiredOnReturn === 0
        ? { kind: "refund" }
        : { kind: "expire", amount: 30, referenceId: expiringGrant, balanceAfter: 70 },
    );
    expect(findViolations(ledger)).toEqual([]);
  });

  test("credits that expired on return count as refunded", () => {
    const { ledger, id } = createCharge();
    ledger.nowMs = 9_000;
    unwrap(ledger.run(refund(id, null)));
    expect(refusalOf(ledger.run(refund(id, 1)))).toMatchObject({ code: "REFUND_EXCEEDS_CHARGE", refunded: 50 });
  });
});

describe("the limit of refunds", () => {
  test.each([
    { before: [], amount: 51, refusal: { charged: 50, refunded: 0, amount: 51 }, says: "in one refund" },
    { before: [20, 20], amount: 11, refusal: { charged: 50, refunded: 40, amount: 11 }, says: "in several refunds" },
    { before: [50], amount: 1, refusal: { charged: 50, refunded: 50, amount: 1 }, says: "after a full refund" },
    {
      before: [50],
      amount: null,
      refusal: { charged: 50, refunded: 50, amount: 0 },
      says: "without an amount after a full refund",
    },
  ])("refund refuses more than the charge $says", ({ before, amount, refusal }) => {
    const { ledger, id } = createCharge();
    for (const each of before) unwrap(ledger.run(refund(id, each)));
    const row = ledger.accounts.get(ann);
    expect(refusalOf(ledger.run(refund(id, amount)))).toEqual({ code: "REFUND_EXCEEDS_CHARGE", ...refusal });
    expect(ledger.accounts.get(ann)).toEqual(row);
  });

  test("two refunds in one transaction cannot exceed the charge", () => {
    const { ledger, id } = createCharge();
    const outcomes = ledger.runBatch([refund(id, 30), refund(id, 30), refund(id, null)]);
    expect(outcomes.map(refusalOf)).toEqual([
      undefined,
      { code: "REFUND_EXCEEDS_CHARGE", charged: 50, refunded: 30, amount: 30 },
      undefined,
    ]);
    expect(left(ledger)).toEqual([30, 70]);
    expect(findViolations(ledger)).toEqual([]);
  });

  test("the same refund twice in one transaction takes effect once", () => {
    const { ledger, id } = createCharge();
    const fields = { idempotencyKey: key("back-1") };
    const outcomes = ledger.runBatch([refund(id, 20, fields), refund(id, 20, fields)]).map(unwrap);
    expect(outcomes.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: 70 });
  });
});

describe("refundable entries", () => {
  test.each([
    { kind: "grant", run: (ledger: InMemoryLedger) => ledger.run(grantCredits(5)) },
    { kind: "hold", run: (ledger: InMemoryLedger) => ledger.run(hold(5)) },
    { kind: "refund", run: (ledger: InMemoryLedger, id: TransactionId) => ledger.run(refund(id, 5)) },
  ])("a $kind entry cannot be refunded", ({ kind, run }) => {
    const { ledger, id } = createCharge();
    const { entry } = unwrap(run(ledger, id));
    expect(refusalOf(ledger.run(refund(entry.id, null)))).toEqual({ code: "NOT_REFUNDABLE", kind });
  });

  test.each(["expire", "release"])("the %s entry of an expiration cannot be refunded", (kind) => {
    const { ledger } = createCharge();
    unwrap(ledger.run(grantCredits(5, { expiresAtMs: 2_000 })));
    unwrap(ledger.run(hold(5, { ttlSeconds: 1 })));
    ledger.nowMs = 2_000;
    ledger.processExpirationsOf(ann);
    const entry = ledger.journal.find((each) => each.kind === kind);
    expect(refusalOf(ledger.run(refund(entry?.id ?? transactionId("txn-x"), null)))).toEqual({
      code: "NOT_REFUNDABLE",
      kind,
    });
  });

  test("a transaction that does not exist cannot be refunded", () => {
    const outcome = createCharge().ledger.run(refund(transactionId("txn-x"), null));
    expect(refusalOf(outcome)).toEqual({ code: "TRANSACTION_NOT_FOUND" });
  });

  test("a charge of another account cannot be refunded, also in a batch with a refund of it", () => {
    const { ledger, id } = createCharge();
    unwrap(ledger.run(grantCredits(100, { accountId: bob })));
    const asBob = { accountId: bob };
    expect(refusalOf(ledger.run(refund(id, null, asBob)))).toEqual({ code: "TRANSACTION_NOT_FOUND" });
    const together = ledger.runBatch([refund(id, 10), refund(id, 10, asBob)]);
    expect(together.map(refusalOf)).toEqual([undefined, { code: "TRANSACTION_NOT_FOUND" }]);
    expect(ledger.accounts.get(bob)).toMatchObject({ balance: 100 });
    expect(findViolations(ledger)).toEqual([]);
  });
});

describe("the balance limit of refunds", () => {
  /** Ann was charged 50, has `held` credits held and the rest of `total` spendable. */
  function createChargeWith(
    total: number,
    held: number,
  ): { readonly ledger: InMemoryLedger; readonly id: TransactionId } {
    const { ledger, id } = createCharge();
    const most: Credits = credits(MAX_AMOUNT);
    for (let sum = 50; sum < total; sum += most) unwrap(ledger.run(grantCredits(Math.min(most, total - sum))));
    if (held > 0) unwrap(ledger.run(hold(held)));
    return { ledger, id };
  }

  test.each([
    { total: MAX_BALANCE - 50, held: 0, accepted: true, says: "accepts a refund up to the maximum balance" },
    {
      total: MAX_BALANCE - 49,
      held: 0,
      accepted: false,
      says: "refuses a refund one credit above the maximum balance",
    },
    { total: MAX_BALANCE - 49, held: 7, accepted: false, says: "counts held credits for the maximum balance" },
  ])("an account $says", ({ total, held, accepted }) => {
    const { ledger, id } = createChargeWith(total, held);
    const outcome = ledger.run(refund(id, null));
    const limit = { code: "BALANCE_LIMIT", balance: total - held, limit: MAX_BALANCE };
    expect(refusalOf(outcome)).toEqual(accepted ? undefined : limit);
  });
});

test("a retry of a refund returns the first entry, whatever happened since", () => {
  const { ledger, id } = createCharge();
  const fields = { idempotencyKey: key("back-1") };
  const first = unwrap(ledger.run(refund(id, null, fields)));
  unwrap(ledger.run(consumeCredits(100)));
  ledger.nowMs = 9_000;
  expect(unwrap(ledger.run(refund(id, null, fields)))).toEqual({ ...first, replayed: true });
  expect(ledger.journal.filter(({ kind }) => kind === "refund")).toHaveLength(1);
});
