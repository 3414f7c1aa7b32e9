import { grantId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  bob,
  grantCredits,
  hold,
  refund,
  refusalOf,
  release,
  revokeCredits,
  unwrap,
} from "../../test/commands.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { findViolations } from "../../test/violations.ts";

/** Ann has 70 spendable credits and 30 held. */
function createLedgerOfAnn(): InMemoryLedger {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(60)));
  unwrap(ledger.run(grantCredits(40, { expiresAtMs: 9_000 })));
  unwrap(ledger.run(hold(30)));
  return ledger;
}

describe("revoke", () => {
  test.each([
    { amount: 70, balance: 0, says: "accepts the last credit of the balance" },
    { amount: 1, balance: 69, says: "accepts a single credit" },
  ])("revoke $says", ({ amount, balance }) => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(revokeCredits(amount)));
    expect(ledger.accounts.get(ann)).toMatchObject({ balance, held: 30 });
    expect(findViolations(ledger)).toEqual([]);
  });

  test.each([
    { amount: 71, says: "held credits" },
    { amount: 101, says: "more than all credits of the account" },
  ])("revoke refuses $says", ({ amount }) => {
    expect(refusalOf(createLedgerOfAnn().run(revokeCredits(amount)))).toEqual({
      code: "INSUFFICIENT_CREDITS",
      balance: 70,
      required: amount,
    });
  });

  test("revoke credits system:issued, takes in spending order and records the reason", () => {
    const { entry } = unwrap(createLedgerOfAnn().run(revokeCredits(15, { reason: "a chargeback" })));
    expect(entry).toMatchObject({
      ...{ kind: "revoke", amount: 15, action: "a chargeback", debit: ann, credit: "system:issued" },
      ...{ balanceAfter: 55, heldAfter: 30, metadata: null, requestParams: null, referenceId: null },
    });
    expect(entry.allocations.map(({ amount }) => amount)).toEqual([10, 5]);
  });

  test.each([
    { amount: 70, taken: 70, says: "all of it when there is enough" },
    { amount: 500, taken: 70, says: "what there is when there is less" },
  ])("revoke with atMost takes $says", ({ amount, taken }) => {
    const ledger = createLedgerOfAnn();
    const { entry } = unwrap(ledger.run(revokeCredits(amount, { atMost: true })));
    expect(entry).toMatchObject({ amount: taken, balanceAfter: 70 - taken, heldAfter: 30 });
    expect(JSON.parse(entry.requestParams ?? "")).toEqual({ grantId: null, atMost: true, amount });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("revoke with atMost refuses when there is nothing", () => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(revokeCredits(70)));
    expect(refusalOf(ledger.run(revokeCredits(5, { atMost: true })))).toEqual({
      ...{ code: "INSUFFICIENT_CREDITS", balance: 0, required: 5 },
    });
  });

  test("a revoke entry cannot be refunded", () => {
    const ledger = createLedgerOfAnn();
    const { entry } = unwrap(ledger.run(revokeCredits(15)));
    expect(refusalOf(ledger.run(refund(entry.id, null)))).toEqual({ code: "NOT_REFUNDABLE", kind: "revoke" });
  });
});

describe("revoke from one grant", () => {
  const [spentFirst, other, bobs] = [grantId("grant-early"), grantId("grant-late"), grantId("grant-of-bob")];

  /** Ann has 60 credits in the grant that is spent first, of which 25 are held, and 40 in the other. */
  function createLedgerWithHold() {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(60, { grantId: spentFirst, priority: 10, expiresAtMs: 90_000 })));
    unwrap(ledger.run(grantCredits(40, { grantId: other })));
    const { hold: placed } = unwrap(ledger.run(hold(25)));
    if (!placed) throw new Error("there is no hold");
    return { ledger, placed };
  }
  const remaining = ({ grants }: InMemoryLedger) => [spentFirst, other].map((id) => grants.get(id)?.remaining);

  test.each([
    { fields: { grantId: other }, amount: 40, rest: [35, 0], says: "all of a grant that is not spent next" },
    { fields: { grantId: spentFirst }, amount: 35, rest: [0, 40], says: "all but the held credits" },
    { fields: { grantId: spentFirst, atMost: true }, amount: 60, rest: [0, 40], says: "at most what is not held" },
  ])("revoke takes $says", ({ fields, amount, rest }) => {
    const { ledger } = createLedgerWithHold();
    const { entry } = unwrap(ledger.run(revokeCredits(amount, fields)));
    expect(entry.allocations).toEqual([{ grantId: fields.grantId, amount: entry.amount }]);
    expect(remaining(ledger)).toEqual(rest);
    expect(findViolations(ledger)).toEqual([]);
  });

  test("revoke refuses more than the grant has, although the balance has it", () => {
    const { ledger } = createLedgerWithHold();
    expect(refusalOf(ledger.run(revokeCredits(36, { grantId: spentFirst })))).toEqual({
      ...{ code: "INSUFFICIENT_CREDITS", balance: 35, required: 36 },
    });
    expect(remaining(ledger)).toEqual([35, 40]);
  });

  test.each([
    { prepare: () => undefined, id: grantId("grant-unknown"), says: "that does not exist" },
    {
      prepare: (ledger: InMemoryLedger) => unwrap(ledger.run(grantCredits(5, { accountId: bob, grantId: bobs }))),
      id: bobs,
      says: "of another account",
    },
    {
      prepare: (ledger: InMemoryLedger) => unwrap(ledger.run(revokeCredits(35, { grantId: spentFirst }))),
      id: spentFirst,
      says: "whose credits are spent or held",
    },
    {
      prepare: (ledger: InMemoryLedger) => {
        ledger.nowMs = 95_000;
      },
      id: spentFirst,
      says: "that has expired",
    },
  ])("revoke refuses a grant $says", ({ prepare, id }) => {
    const { ledger } = createLedgerWithHold();
    prepare(ledger);
    for (const atMost of [true, false]) {
      expect(refusalOf(ledger.run(revokeCredits(1, { grantId: id, atMost })))).toEqual({ code: "GRANT_SPENT" });
    }
    expect(findViolations(ledger)).toEqual([]);
  });

  test("revoke takes credits that an expired hold returns in the same transaction", () => {
    const { ledger } = createLedgerWithHold();
    unwrap(ledger.run(revokeCredits(35, { grantId: spentFirst })));
    ledger.nowMs = 62_000;
    const { entry } = unwrap(ledger.run(revokeCredits(60, { grantId: spentFirst, atMost: true })));
    expect(entry.amount).toBe(25);
    expect(findViolations(ledger)).toEqual([]);
  });

  test("credits that are released after the revocation return to the grant and can be revoked again", () => {
    const { ledger, placed } = createLedgerWithHold();
    unwrap(ledger.run(revokeCredits(60, { grantId: spentFirst, atMost: true })));
    unwrap(ledger.run(release(placed.id)));
    expect(unwrap(ledger.run(revokeCredits(60, { grantId: spentFirst, atMost: true }))).entry.amount).toBe(25);
    expect(remaining(ledger)).toEqual([0, 40]);
    expect(findViolations(ledger)).toEqual([]);
  });
});
