import { describe, expect, test } from "vitest";
import type { AccountState } from "../account.ts";
import { credits, MAX_AMOUNT } from "../credits.ts";
import { accountId, grantId, idempotencyKey, transactionId } from "../ids.ts";
import { InvariantError } from "../invariant.ts";
import { type Consume, consume } from "./consume.ts";

const ann = accountId("user:ann");

/** Ann's account with one grant for each number, the oldest first. */
const holding = (...remaining: number[]): AccountState => ({
  account: { id: ann, balance: credits(remaining.reduce((sum, each) => sum + each, 0)), held: credits(0), sequence: 7 },
  grants: remaining.map((each, index) => ({
    id: grantId(`grant-${index}`),
    accountId: ann,
    source: "admin",
    amount: credits(MAX_AMOUNT),
    remaining: credits(each),
    priority: 50,
    createdAtMs: index,
  })),
});

const spending = (amount: number): Consume => ({
  kind: "consume",
  accountId: ann,
  idempotencyKey: idempotencyKey.ofCaller("order-1"),
  transactionId: transactionId("txn-1"),
  amount: credits(amount),
  action: "video",
  metadata: '{"seconds":4}',
});

describe("consuming credits", () => {
  test.each([
    { state: holding(100), amount: 100, left: 0, says: "accepts the last credit" },
    { state: holding(100), amount: 1, left: 99, says: "accepts a single credit" },
    { state: holding(MAX_AMOUNT), amount: MAX_AMOUNT, left: 0, says: "accepts the most that one command may move" },
    { state: holding(60, 40), amount: 61, left: 39, says: "takes from two grants" },
  ])("$says", ({ state, amount, left }) => {
    const outcome = consume(state, spending(amount), 1_234);
    expect(outcome).toMatchObject({
      ok: true,
      value: { account: { balance: left, held: 0, sequence: 8 }, transaction: { amount, balanceAfter: left } },
    });
  });

  test.each([
    { state: holding(99), amount: 100, says: "one credit is missing" },
    { state: holding(), amount: 1, says: "there are none" },
  ])("refuses when $says, and says how many there are", ({ state, amount }) => {
    expect(consume(state, spending(amount), 1_234)).toEqual({
      ok: false,
      refusal: { code: "INSUFFICIENT_CREDITS", balance: state.account.balance, required: amount },
    });
  });

  test("does not spend what is held", () => {
    const state = holding(100);
    const held = { ...state, account: { ...state.account, balance: credits(40), held: credits(60) } };
    expect(consume(held, spending(41), 1_234)).toMatchObject({ refusal: { balance: 40, required: 41 } });
    expect(consume(held, spending(40), 1_234)).toMatchObject({ value: { account: { balance: 0, held: 60 } } });
  });

  test("writes a line that says who paid whom, from which grants, and what was left", () => {
    expect(consume(holding(60, 40), spending(61), 1_234)).toMatchObject({
      value: {
        grantsAdded: [],
        transaction: {
          id: "txn-1",
          accountId: "user:ann",
          sequence: 8,
          idempotencyKey: "caller:order-1",
          kind: "consume",
          amount: 61,
          action: "video",
          metadata: '{"seconds":4}',
          debit: "user:ann",
          credit: "system:earned",
          balanceAfter: 39,
          heldAfter: 0,
          shares: [
            { grantId: "grant-0", amount: 60 },
            { grantId: "grant-1", amount: 1 },
          ],
          createdAtMs: 1_234,
        },
      },
    });
  });

  test("leaves what it was given as it was", () => {
    const state = holding(60, 40);
    const before = structuredClone(state);
    consume(state, spending(61), 1_234);
    expect(state).toEqual(before);
  });

  test("stops when the account disagrees with its grants, even for what it would refuse", () => {
    const state = holding(100);
    const broken = { ...state, account: { ...state.account, balance: credits(101) } };
    expect(() => consume(broken, spending(1), 1_234)).toThrow(InvariantError);
    expect(() => consume(broken, spending(500), 1_234)).toThrow(InvariantError);
  });
});
