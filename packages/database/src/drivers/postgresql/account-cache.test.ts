import { accountId, credits, grantId, transactionId } from "@jifen/core";
import type { AccountState } from "@jifen/ledger";
import { describe, expect, test } from "vitest";
import { distinctReads } from "../../ledger/snapshot-draft.ts";
import { AccountCache } from "./account-cache.ts";

const ann = accountId("user:ann");
const names = distinctReads({ accountIds: [ann], keys: [], holds: [], charges: [] });

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

/** An account with these grants, of which something ends at `nextDueMs`. */
const state = (remaining: readonly number[], nextExpiryMs: number | null = null): AccountState => {
  const balance = credits(remaining.reduce((sum, each) => sum + each, 0));
  return {
    account: { id: ann, balance, held: credits(0), sequence: 1, nextExpiryMs },
    grants: remaining.map((each, n) => grantOf(n, each)),
    holds: [],
    otherHoldsExpiryMs: null,
  };
};

function remembering(kept: AccountState, nowMs = 1_000_000): AccountCache {
  const memory = new AccountCache();
  memory.clock.heard(nowMs);
  memory.keep(new Map([[ann, kept]]));
  return memory;
}

describe("what a process remembers of accounts", () => {
  test("is what is left in them, and what time it is", () => {
    const recalled = remembering(state([0, 7])).read(names);
    expect(recalled?.states).toMatchObject([{ account: { balance: 7 }, grants: [{ id: "grant-1" }], holds: [] }]);
    expect(recalled?.nowMs).toBeGreaterThanOrEqual(1_000_000);
  });

  test("is nothing, as long as the database has not said what time it is", () => {
    const memory = remembering(state([7]));
    memory.clock.forget();
    expect(memory.read(names)).toBeUndefined();
  });

  test("is nothing of an account that was not as it was thought to be", () => {
    const memory = remembering(state([7]));
    memory.forget([ann]);
    memory.clock.heard(1_000_000);
    expect(memory.read(names)).toBeUndefined();
  });

  test("is of no use where something ends within the tolerance of the clock", () => {
    expect(remembering(state([7], 1_000_900)).read(names)).toBeUndefined();
    expect(remembering(state([7], 1_900_000)).read(names)).toBeDefined();
  });

  test("is of no use where a line is looked for by its id: no index would refuse a second one", () => {
    expect(remembering(state([7])).read({ ...names, ownIds: [[ann, transactionId("txn-1")]] })).toBeUndefined();
  });

  test("does not hold accounts in very many pieces", () => {
    expect(remembering(state(Array.from({ length: 33 }, () => 1))).read(names)).toBeUndefined();
  });
});

describe("the database's clock as a process knows it", () => {
  test("never goes back, whatever arrives late", () => {
    const { clock } = remembering(state([]));
    const before = clock.nowMs ?? 0;
    clock.heard(999_000);
    expect(clock.nowMs).toBeGreaterThanOrEqual(before);
  });

  test("goes forward with what is heard", () => {
    const { clock } = remembering(state([]));
    clock.heard(2_000_000);
    expect(clock.nowMs).toBeGreaterThanOrEqual(2_000_000);
  });

  test("learns nothing from an answer that was lost", () => {
    const { clock } = remembering(state([]));
    clock.heard(undefined);
    expect(clock.nowMs).toBeGreaterThanOrEqual(1_000_000);
  });
});
