import { accountId, credits, grantId, transactionId } from "@jifen/core";
import type { AccountState } from "@jifen/ledger";
import { describe, expect, test } from "vitest";
import { distinctReads } from "../../ledger/snapshot-draft.ts";
import { AccountCache } from "./account-cache.ts";

const ann = accountId("user:ann");
const reads = distinctReads({ accountIds: [ann], keys: [], holds: [], charges: [] });

const grantOf = (n: number, remaining: number) => ({
  id: grantId(`grant-${n}`),
  accountId: ann,
  source: "admin" as const,
  amount: credits(10),
  remaining: credits(remaining),
  priority: 50,
  expiresAtMs: null,
  createdAtMs: 0,
});

/** An account with these grants and this next expiry. */
const stateOf = (remaining: readonly number[], nextExpiryMs: number | null = null): AccountState => {
  const balance = credits(remaining.reduce((sum, each) => sum + each, 0));
  return {
    account: { id: ann, balance, held: credits(0), sequence: 1, nextExpiryMs },
    grants: remaining.map((each, n) => grantOf(n, each)),
    holds: [],
    otherHoldsExpiryMs: null,
  };
};

function cacheWith(state: AccountState, nowMs = 1_000_000): AccountCache {
  const cache = new AccountCache();
  cache.clock.update(nowMs);
  cache.keep(new Map([[ann, state]]));
  return cache;
}

describe("the account cache", () => {
  test("returns the open grants of an account and the time", () => {
    const cached = cacheWith(stateOf([0, 7])).read(reads);
    expect(cached?.states).toMatchObject([{ account: { balance: 7 }, grants: [{ id: "grant-1" }], holds: [] }]);
    expect(cached?.nowMs).toBeGreaterThanOrEqual(1_000_000);
  });

  test("returns nothing before the database has reported its clock", () => {
    const cache = cacheWith(stateOf([7]));
    cache.clock.forget();
    expect(cache.read(reads)).toBeUndefined();
  });

  test("returns nothing for an account that was forgotten after a write conflict", () => {
    const cache = cacheWith(stateOf([7]));
    cache.forget([ann]);
    cache.clock.update(1_000_000);
    expect(cache.read(reads)).toBeUndefined();
  });

  test("returns nothing for an account with an expiry within the tolerance of the clock", () => {
    expect(cacheWith(stateOf([7], 1_000_900)).read(reads)).toBeUndefined();
    expect(cacheWith(stateOf([7], 1_900_000)).read(reads)).toBeDefined();
  });

  test("returns nothing when an entry is read by its own id, because no unique index would refuse a second one", () => {
    expect(cacheWith(stateOf([7])).read({ ...reads, ownIds: [[ann, transactionId("txn-1")]] })).toBeUndefined();
  });

  test("does not keep an account with very many grants", () => {
    expect(cacheWith(stateOf(Array.from({ length: 33 }, () => 1))).read(reads)).toBeUndefined();
  });
});

describe("the estimate of the database's clock", () => {
  test("never goes back when a report arrives late", () => {
    const { clock } = cacheWith(stateOf([]));
    const before = clock.nowMs ?? 0;
    clock.update(999_000);
    expect(clock.nowMs).toBeGreaterThanOrEqual(before);
  });

  test("goes forward with a later report", () => {
    const { clock } = cacheWith(stateOf([]));
    clock.update(2_000_000);
    expect(clock.nowMs).toBeGreaterThanOrEqual(2_000_000);
  });

  test("is unchanged by an answer that was lost", () => {
    const { clock } = cacheWith(stateOf([]));
    clock.update(undefined);
    expect(clock.nowMs).toBeGreaterThanOrEqual(1_000_000);
  });
});
