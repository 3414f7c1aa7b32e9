import { accountId, credits, grantId, InvariantError } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { type AccountState, assertAccountAgrees, earliest, emptyAccount, hasExpired, nextExpiry } from "./account.ts";

const id = accountId("user:ann");

type GrantRest = { readonly remaining: number; readonly expiresAtMs?: number };

const createAccount = (row: { balance: number; held: number }, grants: readonly GrantRest[]): AccountState => ({
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
  createAccount(
    { balance, held },
    remaining.map((each) => ({ remaining: each })),
  );

describe("assertAccountAgrees accepts consistent accounts", () => {
  test.each([
    { state: emptyAccount(id), says: "an account without entries" },
    { state: state(30, 0, [10, 20]), says: "an account whose balance is the sum of its grants" },
    { state: state(25, 5, [5, 20]), says: "an account whose held credits are not in its grants" },
    { state: state(0, 30, [0, 0]), says: "an account with all credits held" },
    { state: state(0, 0, [0]), says: "an account with all credits spent" },
  ])("assertAccountAgrees accepts $says", ({ state }) => {
    expect(() => assertAccountAgrees(state)).not.toThrow();
  });
});

describe("assertAccountAgrees throws for inconsistent accounts", () => {
  test.each([
    { state: state(31, 0, [10, 20]), says: "a balance above the sum of the grants" },
    { state: state(29, 0, [10, 20]), says: "a balance below the sum of the grants" },
    { state: state(25, 5, [10, 20]), says: "held credits that are still in the grants" },
    { state: state(1, 0, []), says: "a balance without grants" },
  ])("assertAccountAgrees throws for $says", ({ state }) => {
    expect(() => assertAccountAgrees(state)).toThrow(InvariantError);
    expect(() => assertAccountAgrees(state)).toThrow(/user:ann/);
  });
});

describe("hasExpired", () => {
  test.each([
    { nextExpiryMs: null, isExpired: false, says: "false without a next expiry" },
    { nextExpiryMs: 1_001, isExpired: false, says: "false one millisecond before the next expiry" },
    { nextExpiryMs: 1_000, isExpired: true, says: "true at the next expiry" },
    { nextExpiryMs: 1, isExpired: true, says: "true long after the next expiry" },
    { nextExpiryMs: 0, isExpired: true, says: "true for a next expiry of 0" },
  ])("hasExpired is $says", ({ nextExpiryMs, isExpired }) => {
    expect(hasExpired({ ...emptyAccount(id).account, nextExpiryMs }, 1_000)).toBe(isExpired);
  });
});

describe("earliest", () => {
  test.each([
    { one: null, other: null, first: null, says: "null for two nulls" },
    { one: 5, other: null, first: 5, says: "the first time when the second is null" },
    { one: null, other: 5, first: 5, says: "the second time when the first is null" },
    { one: 6, other: 5, first: 5, says: "the earlier of two times" },
    { one: 0, other: 5, first: 0, says: "0 when one time is 0" },
  ])("earliest returns $says", ({ one, other, first }) => {
    expect(earliest(one, other)).toBe(first);
  });
});

describe("nextExpiry", () => {
  test.each([
    { grants: [], next: null, says: "null for an account without grants" },
    { grants: [{ remaining: 5 }], next: null, says: "null for a grant without expiry" },
    { grants: [{ remaining: 0, expiresAtMs: 2_000 }], next: null, says: "null for a spent grant" },
    { grants: [{ remaining: 5, expiresAtMs: 1_000 }], next: null, says: "null for an expired grant" },
    {
      grants: [{ remaining: 5, expiresAtMs: 1_001 }],
      next: { amount: 5, expiresAtMs: 1_001 },
      says: "an expiry one millisecond ahead",
    },
    {
      grants: [
        { remaining: 5, expiresAtMs: 3_000 },
        { remaining: 6, expiresAtMs: 2_000 },
        { remaining: 7, expiresAtMs: 2_000 },
        { remaining: 0, expiresAtMs: 1_500 },
      ],
      next: { amount: 13, expiresAtMs: 2_000 },
      says: "the sum of all grants with the earliest expiry",
    },
  ])("nextExpiry returns $says", ({ grants, next }) => {
    expect(nextExpiry(createAccount({ balance: 0, held: 0 }, grants), 1_000)).toEqual(next);
  });
});
