import { credits, grantId, InvariantError, MAX_AMOUNT, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, byShop, consumeCredits, key } from "../../test/commands.ts";
import { type AccountState, emptyAccount } from "../account.ts";
import { type Consume, consume } from "./consume.ts";

/** Ann's account with one grant per number, the oldest first. */
const createAccount = (...remaining: number[]): AccountState => ({
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

const createCommand = (amount: number): Consume =>
  consumeCredits(amount, {
    idempotencyKey: key("order-1"),
    transactionId: transactionId("txn-1"),
    metadata: '{"seconds":4}',
  });

const run = (state: AccountState, amount: number) => consume({ state, entries: [] }, createCommand(amount), 1_234);

describe("consume", () => {
  test.each([
    { state: createAccount(100), amount: 100, left: [0], says: "accepts the last credit of the balance" },
    { state: createAccount(100), amount: 1, left: [99], says: "accepts a single credit" },
    {
      state: createAccount(MAX_AMOUNT),
      amount: MAX_AMOUNT,
      left: [0],
      says: "accepts the maximum amount of a command",
    },
    { state: createAccount(60, 40), amount: 61, left: [0, 39], says: "takes from two grants in order" },
    { state: createAccount(0, 40), amount: 40, left: [0, 0], says: "skips an empty grant" },
  ])("consume $says", ({ state, amount, left }) => {
    const outcome = run(state, amount);
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    const balance = left.reduce((sum, each) => sum + each, 0);
    expect(outcome.value.state.account).toEqual({ ...state.account, balance, sequence: 8 });
    expect(outcome.value.state.grants.map(({ remaining }) => remaining)).toEqual(left);
    expect(outcome.value.entries).toMatchObject([{ amount, balanceAfter: balance }]);
  });

  test.each([
    { state: createAccount(99), amount: 100, says: "one credit is missing" },
    { state: createAccount(), amount: 1, says: "the account has none" },
  ])("consume refuses when $says, with the balance and the required amount", ({ state, amount }) => {
    expect(run(state, amount)).toEqual({
      ok: false,
      refusal: { code: "INSUFFICIENT_CREDITS", balance: state.account.balance, required: amount },
    });
  });

  test("consume does not spend held credits", () => {
    const state = createAccount(40);
    const held = { ...state, account: { ...state.account, held: credits(60) } };
    expect(run(held, 41)).toMatchObject({ refusal: { balance: 40, required: 41 } });
    expect(run(held, 40)).toMatchObject({ value: { state: { account: { balance: 0, held: 60 } } } });
  });

  test("consume writes an entry with the accounts, the allocations and the new balance", () => {
    expect(run(createAccount(60, 40), 61)).toMatchObject({
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
            ...{
              debit: "user:ann",
              credit: "system:earned",
              balanceAfter: 39,
              heldAfter: 0,
              createdAtMs: 1_234,
              ...byShop,
            },
            allocations: [
              { grantId: "grant-0", amount: 60 },
              { grantId: "grant-1", amount: 1 },
            ],
          },
        ],
      },
    });
  });

  test("consume does not change its arguments", () => {
    const state = createAccount(60, 40);
    const before = structuredClone(state);
    run(state, 61);
    expect(state).toEqual(before);
  });

  test("consume throws when the account disagrees with its grants", () => {
    const state = createAccount(100);
    const broken = { ...state, account: { ...state.account, balance: credits(101) } };
    expect(() => run(broken, 1)).toThrow(InvariantError);
    expect(() => run(broken, 101)).toThrow(InvariantError);
  });
});
