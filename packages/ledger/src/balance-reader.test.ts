import { type AccountId, accountId, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, bob, consumeCredits, grantCredits, hold, unwrap } from "../test/commands.ts";
import { InMemoryLedger } from "../test/in-memory-ledger.ts";
import { createBalanceReader } from "./balance-reader.ts";
import { createExpirationProcessor } from "./process-expirations.ts";
import { type AccountsRead, DatabaseUnavailable, OutcomeUnknown } from "./store.ts";

/** A store whose reads return only when the test lets them, with the state at the time they were sent. */
class SlowStore extends InMemoryLedger {
  readonly requests: (readonly AccountId[])[] = [];
  readonly #gates: PromiseWithResolvers<void>[] = [];

  override async readAccounts(ids: readonly AccountId[]): Promise<AccountsRead> {
    const gate = Promise.withResolvers<void>();
    this.requests.push(ids);
    const read = await super.readAccounts(ids);
    this.#gates.push(gate);
    await gate.promise;
    return read;
  }

  /** Completes the next read, or fails it with `error`. */
  async completeNext(error?: Error): Promise<void> {
    await flushMicrotasks();
    const gate = this.#gates.shift();
    if (!gate) throw new Error("there is no pending read");
    if (error) gate.reject(error);
    gate.resolve();
    await flushMicrotasks();
  }
}

/** Resolves after all pending microtasks. */
async function flushMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

const expirationProcessorOn = (store: InMemoryLedger) => {
  let made = 0;
  const newTransactionId = () => {
    made += 1;
    return transactionId(`txn-expiration-${made}`);
  };
  return createExpirationProcessor({ store: store, shards: 1, newTransactionId });
};

const failIfCalled = () => Promise.reject(new Error("no account has expirations"));

describe("balance reader", () => {
  test("a balance has the spendable credits, the held credits and the next expiry", async () => {
    const store = new InMemoryLedger();
    unwrap(store.run(grantCredits(100)));
    unwrap(store.run(grantCredits(30, { expiresAtMs: 9_000 })));
    unwrap(store.run(grantCredits(10, { expiresAtMs: 90_000 })));
    unwrap(store.run(hold(20)));
    const balance = createBalanceReader(store, failIfCalled);
    expect(await balance(ann)).toMatchObject({ balance: 120, held: 20, expiring: { amount: 10, expiresAtMs: 9_000 } });
  });

  test("the balance of an account that does not exist is zero", async () => {
    const balance = createBalanceReader(new InMemoryLedger(), failIfCalled);
    expect(await balance(accountId("user:unused"))).toMatchObject({ balance: 0, held: 0, expiring: null });
  });
});

describe("expirations before a read", () => {
  /** Ann has 100 credits, 30 that expire at 2,000, and a hold of 20 that expires then; bob has 5 that expire at 3,000. */
  function createStoreAt(nowMs: number): InMemoryLedger {
    const store = new InMemoryLedger();
    unwrap(store.run(grantCredits(100)));
    unwrap(store.run(grantCredits(30, { expiresAtMs: 2_000 })));
    unwrap(store.run(hold(20, { ttlSeconds: 1 })));
    unwrap(store.run(grantCredits(5, { accountId: bob, expiresAtMs: 3_000 })));
    store.nowMs = nowMs;
    return store;
  }

  test.each([
    { nowMs: 1_999, expected: { balance: 110, held: 20, expiring: { amount: 10, expiresAtMs: 2_000 } }, entries: 4 },
    { nowMs: 2_000, expected: { balance: 100, held: 0, expiring: null }, entries: 6 },
  ])("a balance read at $nowMs includes the expirations until then", async ({ nowMs, expected, entries }) => {
    const store = createStoreAt(nowMs);
    // One of the entries is bob's.
    expect(await createBalanceReader(store, expirationProcessorOn(store))(ann)).toEqual({
      ...expected,
      ...{ sequence: entries - 1, readAtMs: nowMs },
    });
    expect(store.journal).toHaveLength(entries);
  });

  test("expirations are processed only for accounts that have any", async () => {
    const store = createStoreAt(2_000);
    const processed: (readonly AccountId[])[] = [];
    const balance = createBalanceReader(store, (ids) => {
      processed.push(ids);
      return expirationProcessorOn(store)(ids);
    });
    const first = balance(accountId("user:first"));
    const [ofAnn, ofBob] = await Promise.all([balance(ann), balance(bob), first]);
    expect(ofAnn).toMatchObject({ balance: 100, held: 0 });
    expect(ofBob).toMatchObject({ balance: 5, held: 0, expiring: { amount: 5, expiresAtMs: 3_000 } });
    expect(processed).toEqual([[ann]]);
  });

  test("an account without expirations is returned as it was read, not partly as of a later time", async () => {
    const store = createStoreAt(2_000);
    const balance = createBalanceReader(store, (ids) => {
      store.nowMs = 3_000;
      return expirationProcessorOn(store)(ids);
    });
    const first = balance(accountId("user:first"));
    const [ofAnn, ofBob] = await Promise.all([balance(ann), balance(bob), first]);
    expect(ofAnn).toMatchObject({ balance: 100 });
    expect(ofBob).toMatchObject({ balance: 5, held: 0, expiring: { amount: 5, expiresAtMs: 3_000 } });
  });

  test.each([
    { error: new OutcomeUnknown("lost"), says: "of unknown outcome" },
    { error: new DatabaseUnavailable("gone"), says: "not possible" },
  ])("a balance read rejects with DatabaseUnavailable when processing expirations is $says", async ({ error }) => {
    const balance = createBalanceReader(createStoreAt(2_000), () => Promise.reject(error));
    const failure = await balance(ann).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect((failure as Error).message).toBe(error.message);
  });

  test("a balance read rejects with an unexpected error unchanged", async () => {
    const balance = createBalanceReader(createStoreAt(2_000), () => Promise.reject(new RangeError("a bug")));
    await expect(balance(ann)).rejects.toThrow(RangeError);
  });
});

describe("batches of reads", () => {
  test("reads that arrive during a read share the next one, each account once", async () => {
    const store = new SlowStore();
    unwrap(store.run(grantCredits(5)));
    const balance = createBalanceReader(store, failIfCalled);
    const first = balance(ann);
    const later = [balance(ann), balance(bob), balance(ann)];
    await store.completeNext();
    await store.completeNext();
    expect(await first).toMatchObject({ balance: 5 });
    expect(await Promise.all(later)).toMatchObject([{ balance: 5 }, { balance: 0 }, { balance: 5 }]);
    expect(store.requests).toEqual([[ann], [ann, bob]]);
  });

  test("a read does not join one that was sent before, because it would miss acknowledged writes", async () => {
    const store = new SlowStore();
    unwrap(store.run(grantCredits(5)));
    const balance = createBalanceReader(store, failIfCalled);
    const before = balance(ann);
    await flushMicrotasks();
    unwrap(store.run(consumeCredits(3)));
    const after = balance(ann);
    await store.completeNext();
    await store.completeNext();
    expect([await before, await after]).toMatchObject([{ balance: 5 }, { balance: 2 }]);
  });

  test("a failed read rejects only its own callers, and the next read succeeds", async () => {
    const store = new SlowStore();
    unwrap(store.run(grantCredits(5)));
    const balance = createBalanceReader(store, failIfCalled);
    const failing = balance(ann).catch((error: unknown) => error);
    await flushMicrotasks();
    const next = balance(ann);
    await store.completeNext(new DatabaseUnavailable("gone"));
    expect(await failing).toBeInstanceOf(DatabaseUnavailable);
    await store.completeNext();
    expect(await next).toMatchObject({ balance: 5 });
    const last = balance(ann);
    await store.completeNext();
    expect(await last).toMatchObject({ balance: 5 });
  });
});
