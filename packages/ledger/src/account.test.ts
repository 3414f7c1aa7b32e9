import { accountId, credits, grantId, InvariantError } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { type AccountState, assertAccountAgrees, earliest, emptyAccount, hasExpired, nextExpiry } from "./account.ts";

const id = accountId("user:ann");

type Has = { readonly remaining: number; readonly expiresAtMs?: number };

const holding = (row: { balance: number; held: number }, grants: readonly Has[]): AccountState => ({
  account: { id, balance: credits(row.balance), held: credits(row.held), sequence: 1, nextExpiryMs: null },
  grants: grants.map(({ remaining, expiresAtMs = null }, index) => ({
    id: grantId(`grant-${index}`),
    accountId: id,
    source: "admin",
    amount: credits(1_000),
    remaining: credits(remaining),
    priority: 50,
    expiresAtMs,
    createdAtMs: 0,
  })),
  holds: [],
  otherHoldsExpiryMs: null,
});

const state = (balance: number, held: number, remaining: readonly number[]): AccountState =>
  holding(
    { balance, held },
    remaining.map((each) => ({ remaining: each })),
  );

describe("an account agrees with its grants", () => {
  test.each([
    { state: emptyAccount(id), says: "before its first transaction" },
    { state: state(30, 0, [10, 20]), says: "when the balance is what the grants have left" },
    { state: state(25, 5, [5, 20]), says: "when a part is held, which is no longer in the grants" },
    { state: state(0, 30, [0, 0]), says: "when all of it is held" },
    { state: state(0, 0, [0]), says: "when all is spent" },
  ])("$says", ({ state }) => {
    expect(() => assertAccountAgrees(state)).not.toThrow();
  });
});

describe("an account that disagrees with its grants stops the command", () => {
  test.each([
    { state: state(31, 0, [10, 20]), says: "a credit from nowhere" },
    { state: state(29, 0, [10, 20]), says: "a credit that is gone" },
    { state: state(25, 5, [10, 20]), says: "held credits that could be spent as well" },
    { state: state(1, 0, []), says: "a balance without any grant" },
  ])("$says", ({ state }) => {
    expect(() => assertAccountAgrees(state)).toThrow(InvariantError);
    expect(() => assertAccountAgrees(state)).toThrow(/user:ann/);
  });
});

describe("an account is due", () => {
  test.each([
    { nextExpiryMs: null, due: false, says: "never, when nothing of it ends" },
    { nextExpiryMs: 1_001, due: false, says: "not one millisecond before" },
    { nextExpiryMs: 1_000, due: true, says: "at the moment itself" },
    { nextExpiryMs: 1, due: true, says: "long after" },
    { nextExpiryMs: 0, due: true, says: "at the beginning of time" },
  ])("$says", ({ nextExpiryMs, due }) => {
    expect(hasExpired({ ...emptyAccount(id).account, nextExpiryMs }, 1_000)).toBe(due);
  });
});

describe("the soonest of two moments", () => {
  test.each([
    { one: null, other: null, first: null, says: "is never, when neither comes" },
    { one: 5, other: null, first: 5, says: "is the one that comes" },
    { one: null, other: 5, first: 5, says: "is the other when only that comes" },
    { one: 6, other: 5, first: 5, says: "is the earlier" },
    { one: 0, other: 5, first: 0, says: "may be the beginning of time" },
  ])("$says", ({ one, other, first }) => {
    expect(earliest(one, other)).toBe(first);
  });
});

describe("what expires next", () => {
  test.each([
    { grants: [], next: null, says: "is nothing of an account without grants" },
    { grants: [{ remaining: 5 }], next: null, says: "is nothing of what never ends" },
    { grants: [{ remaining: 0, expiresAtMs: 2_000 }], next: null, says: "is nothing of what is spent" },
    { grants: [{ remaining: 5, expiresAtMs: 1_000 }], next: null, says: "is nothing of what has ended" },
    {
      grants: [{ remaining: 5, expiresAtMs: 1_001 }],
      next: { amount: 5, expiresAtMs: 1_001 },
      says: "may be one millisecond away",
    },
    {
      grants: [
        { remaining: 5, expiresAtMs: 3_000 },
        { remaining: 6, expiresAtMs: 2_000 },
        { remaining: 7, expiresAtMs: 2_000 },
        { remaining: 0, expiresAtMs: 1_500 },
      ],
      next: { amount: 13, expiresAtMs: 2_000 },
      says: "is all that ends at the same moment, and nothing of what ends later",
    },
  ])("$says", ({ grants, next }) => {
    expect(nextExpiry(holding({ balance: 0, held: 0 }, grants), 1_000)).toEqual(next);
  });
});
