import { describe, expect, test } from "vitest";
import { ann, grantCredits, hold, refund, refusalOf, revokeCredits, unwrap } from "../../test/commands.ts";
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

  test("a revoke entry cannot be refunded", () => {
    const ledger = createLedgerOfAnn();
    const { entry } = unwrap(ledger.run(revokeCredits(15)));
    expect(refusalOf(ledger.run(refund(entry.id, null)))).toEqual({ code: "NOT_REFUNDABLE", kind: "revoke" });
  });
});
