import { describe, expect, test } from "vitest";
import { type AccountState, emptyAccount } from "../account.ts";
import { credits, MAX_AMOUNT, MAX_BALANCE } from "../credits.ts";
import { accountId, grantId, idempotencyKey, transactionId } from "../ids.ts";
import { InvariantError } from "../invariant.ts";
import { type GrantCredits, grant } from "./grant.ts";

const ann = accountId("user:ann");

const holding = (balance: number, held: number): AccountState => ({
  account: { id: ann, balance: credits(balance), held: credits(held), sequence: 3 },
  grants: [
    {
      id: grantId("grant-old"),
      accountId: ann,
      source: "admin",
      amount: credits(balance + held),
      remaining: credits(balance + held),
      priority: 50,
      createdAtMs: 0,
    },
  ],
});

const giving = (amount: number): GrantCredits => ({
  kind: "grant",
  accountId: ann,
  idempotencyKey: idempotencyKey.ofSystem("initial"),
  transactionId: transactionId("txn-1"),
  grantId: grantId("grant-1"),
  amount: credits(amount),
  source: "initial",
  priority: 20,
  reason: "welcome",
});

describe("granting credits", () => {
  test("opens an account with the first grant", () => {
    expect(grant(emptyAccount(ann), giving(100), 1_234)).toEqual({
      ok: true,
      value: {
        account: { id: ann, balance: 100, held: 0, sequence: 1 },
        grantsAdded: [
          {
            id: "grant-1",
            accountId: ann,
            source: "initial",
            amount: 100,
            remaining: 100,
            priority: 20,
            createdAtMs: 1_234,
          },
        ],
        grantsChanged: [],
        transaction: {
          id: "txn-1",
          accountId: ann,
          sequence: 1,
          idempotencyKey: "system:initial",
          kind: "grant",
          amount: 100,
          action: "welcome",
          metadata: null,
          debit: "system:issued",
          credit: ann,
          balanceAfter: 100,
          heldAfter: 0,
          shares: [{ grantId: "grant-1", amount: 100 }],
          createdAtMs: 1_234,
        },
      },
    });
  });

  test("adds to what is there and leaves what is held", () => {
    expect(grant(holding(40, 60), giving(5), 1_234)).toMatchObject({
      value: { account: { balance: 45, held: 60, sequence: 4 }, transaction: { balanceAfter: 45, heldAfter: 60 } },
    });
  });

  test.each([
    {
      balance: MAX_BALANCE - MAX_AMOUNT,
      held: 0,
      accepted: true,
      says: "fills an account to the last credit it may hold",
    },
    { balance: MAX_BALANCE - MAX_AMOUNT + 1, held: 0, accepted: false, says: "refuses one credit more" },
    { balance: MAX_BALANCE - MAX_AMOUNT - 1, held: 2, accepted: false, says: "counts what is held" },
  ])("$says", ({ balance, held, accepted }) => {
    const outcome = grant(holding(balance, held), giving(MAX_AMOUNT), 1_234);
    expect(outcome.ok).toBe(accepted);
    if (!outcome.ok) expect(outcome.refusal).toEqual({ code: "BALANCE_LIMIT", balance, limit: MAX_BALANCE });
  });

  test("stops when the account disagrees with its grants", () => {
    const state = holding(40, 0);
    expect(() => grant({ ...state, grants: [] }, giving(1), 1_234)).toThrow(InvariantError);
  });
});
