import { describe, expect, test } from "vitest";
import { type AccountState, assertAccountAgrees, emptyAccount } from "./account.ts";
import { credits } from "./credits.ts";
import { accountId, grantId } from "./ids.ts";
import { InvariantError } from "./invariant.ts";

const id = accountId("user:ann");

const state = (balance: number, held: number, remaining: readonly number[]): AccountState => ({
  account: { id, balance: credits(balance), held: credits(held), sequence: 1 },
  grants: remaining.map((each, index) => ({
    id: grantId(`grant-${index}`),
    accountId: id,
    source: "admin",
    amount: credits(1_000),
    remaining: credits(each),
    priority: 50,
    createdAtMs: 0,
  })),
});

describe("an account agrees with its grants", () => {
  test.each([
    { state: emptyAccount(id), says: "before its first transaction" },
    { state: state(30, 0, [10, 20]), says: "when the balance is what the grants have left" },
    { state: state(25, 5, [10, 20]), says: "when a part of it is held" },
    { state: state(0, 0, [0]), says: "when all is spent" },
  ])("$says", ({ state }) => {
    expect(() => assertAccountAgrees(state)).not.toThrow();
  });
});

describe("an account that disagrees with its grants stops the command", () => {
  test.each([
    { state: state(31, 0, [10, 20]), says: "a credit from nowhere" },
    { state: state(29, 0, [10, 20]), says: "a credit that is gone" },
    { state: state(30, 5, [10, 20]), says: "held credits that no grant has" },
    { state: state(1, 0, []), says: "a balance without any grant" },
  ])("$says", ({ state }) => {
    expect(() => assertAccountAgrees(state)).toThrow(InvariantError);
    expect(() => assertAccountAgrees(state)).toThrow(/user:ann/);
  });
});
