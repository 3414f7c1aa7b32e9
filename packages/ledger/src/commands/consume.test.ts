import { credits, grantId, InvariantError, MAX_AMOUNT, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, key, spend } from "../../test/commands.ts";
import { type AccountState, emptyAccount } from "../account.ts";
import { type Consume, consume } from "./consume.ts";

/** Ann's account with one grant for each number, the oldest first. */
const holding = (...remaining: number[]): AccountState => ({
  ...emptyAccount(ann),
  account: {
    id: ann,
    balance: credits(remaining.reduce((sum, each) => sum + each, 0)),
    held: credits(0),
    sequence: 7,
    nextExpiryMs: 9_000,
  },
  grants: remaining.map((each, index) => ({
    id: grantId(`grant-${index}`),
    accountId: ann,
    source: "admin",
    amount: credits(MAX_AMOUNT),
    remaining: credits(each),
    priority: 50,
    expiresAtMs: null,
    createdAtMs: index,
  })),
});

const spending = (amount: number): Consume =>
  spend(amount, {
    idempotencyKey: key("order-1"),
    transactionId: transactionId("txn-1"),
    metadata: '{"seconds":4}',
  });

const run = (state: AccountState, amount: number) => consume({ state, entries: [] }, spending(amount), 1_234);

describe("consuming credits", () => {
  test.each([
    { state: holding(100), amount: 100, left: [0], says: "accepts the last credit" },
    { state: holding(100), amount: 1, left: [99], says: "accepts a single credit" },
    { state: holding(MAX_AMOUNT), amount: MAX_AMOUNT, left: [0], says: "accepts the most that one command may move" },
    { state: holding(60, 40), amount: 61, left: [0, 39], says: "takes from two grants" },
    { state: holding(0, 40), amount: 40, left: [0, 0], says: "passes over an empty grant" },
  ])("$says", ({ state, amount, left }) => {
    const outcome = run(state, amount);
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    const balance = left.reduce((sum, each) => sum + each, 0);
    expect(outcome.value.state.account).toEqual({ ...state.account, balance, sequence: 8 });
    expect(outcome.value.state.grants.map(({ remaining }) => remaining)).toEqual(left);
    expect(outcome.value.entries).toMatchObject([{ amount, balanceAfter: balance }]);
  });

  test.each([
    { state: holding(99), amount: 100, says: "one credit is missing" },
    { state: holding(), amount: 1, says: "there are none" },
  ])("refuses when $says, and says how many there are", ({ state, amount }) => {
    expect(run(state, amount)).toEqual({
      ok: false,
      refusal: { code: "INSUFFICIENT_CREDITS", balance: state.account.balance, required: amount },
    });
  });

  test("does not spend what is held", () => {
    const state = holding(40);
    const held = { ...state, account: { ...state.account, held: credits(60) } };
    expect(run(held, 41)).toMatchObject({ refusal: { balance: 40, required: 41 } });
    expect(run(held, 40)).toMatchObject({ value: { state: { account: { balance: 0, held: 60 } } } });
  });

  test("writes a line that says who paid whom, from which grants, and what was left", () => {
    expect(run(holding(60, 40), 61)).toMatchObject({
      value: {
        entries: [
          {
            ...{ id: "txn-1", accountId: "user:ann", sequence: 8, idempotencyKey: "caller:order-1", kind: "consume" },
            ...{
              amount: 61,
              action: "video",
              metadata: '{"seconds":4}',
              requestParams: null,
              referenceId: null,
              expiredOnReturn: 0,
            },
            ...{ debit: "user:ann", credit: "system:earned", balanceAfter: 39, heldAfter: 0, createdAtMs: 1_234 },
            allocations: [
              { grantId: "grant-0", amount: 60 },
              { grantId: "grant-1", amount: 1 },
            ],
          },
        ],
      },
    });
  });

  test("leaves what it was given as it was", () => {
    const state = holding(60, 40);
    const before = structuredClone(state);
    run(state, 61);
    expect(state).toEqual(before);
  });

  test("stops when the account disagrees with its grants", () => {
    const state = holding(100);
    const broken = { ...state, account: { ...state.account, balance: credits(101) } };
    expect(() => run(broken, 1)).toThrow(InvariantError);
    expect(() => run(broken, 101)).toThrow(InvariantError);
  });
});
