import { type AccountId, accountId, credits, grantId, holdId, InvariantError, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, annInPerson, bob, byShop, grantCredits, hold, key, refusalOf, unwrap } from "../test/commands.ts";
import { InMemoryLedger } from "../test/in-memory-ledger.ts";
import { findViolations } from "../test/violations.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import {
  CircuitOpen,
  DatabaseUnavailable,
  type Decision,
  EXPIRATION_BATCH,
  OutcomeUnknown,
  type ReadSet,
  type Snapshot,
} from "./store.ts";

function createLedgerOn(store: InMemoryLedger): Ledger {
  let made = 0;
  const newTransactionId = () => {
    made += 1;
    return transactionId(`txn-${made}-of-the-ledger`);
  };
  return createLedger({ store: store, shards: 2, wait: () => Promise.resolve(), newTransactionId });
}

const grantInput = {
  accountId: ann,
  ...byShop,
  source: "admin",
  priority: 50,
  expiresAtMs: null,
  reason: "welcome",
} as const;
const consumeInput = { accountId: ann, ...byShop, action: "video", metadata: null };

describe("the ledger", () => {
  test("the ledger runs a command of each kind", async () => {
    const store = new InMemoryLedger();
    const ledger = createLedgerOn(store);
    const holdCaller = { accountId: ann, ...byShop, by: annInPerson, resolvesUnowned: true } as const;
    const holdInput = { ...consumeInput, placedBy: annInPerson, ttlSeconds: 60 } as const;
    const [one, two] = [holdId("hold-1"), holdId("hold-2")];
    unwrap(await ledger.grant({ ...grantInput, grantId: grantId("grant-1"), amount: credits(100) }));
    const { entry } = unwrap(await ledger.consume({ ...consumeInput, amount: credits(10) }));
    unwrap(await ledger.refund({ accountId: ann, ...byShop, chargeId: entry.id, amount: null, metadata: null }));
    unwrap(await ledger.hold({ ...holdInput, holdId: one, amount: credits(20) }));
    unwrap(await ledger.hold({ ...holdInput, holdId: two, amount: credits(20) }));
    unwrap(await ledger.extend({ ...holdCaller, holdId: one, ttlSeconds: 90 }));
    unwrap(await ledger.capture({ ...holdCaller, holdId: one, amount: credits(5), metadata: null }));
    unwrap(await ledger.release({ ...holdCaller, holdId: two, metadata: null }));
    const fromAll = { grantId: null, atMost: false };
    unwrap(await ledger.revoke({ accountId: ann, ...byShop, amount: credits(1), reason: "a mistake", ...fromAll }));
    expect(await ledger.balance(ann)).toEqual({
      balance: 94,
      held: 0,
      expiring: null,
      sequence: store.journal.length,
      readAtMs: 1_000,
    });
    expect(findViolations(store)).toEqual([]);
  });

  test("two equal commands without a key both take effect", async () => {
    const store = new InMemoryLedger();
    const ledger = createLedgerOn(store);
    unwrap(await ledger.grant({ ...grantInput, grantId: grantId("grant-1"), amount: credits(100) }));
    const input = { ...consumeInput, amount: credits(10) };
    const outcomes = await Promise.all([ledger.consume(input), ledger.consume(input)]);
    expect(outcomes.map((outcome) => unwrap(outcome).replayed)).toEqual([false, false]);
    expect(store.accounts.get(ann)).toMatchObject({ balance: 80 });
  });

  test("concurrent commands with one key take effect once", async () => {
    const store = new InMemoryLedger();
    const ledger = createLedgerOn(store);
    unwrap(await ledger.grant({ ...grantInput, grantId: grantId("grant-1"), amount: credits(100) }));
    const input = { ...consumeInput, amount: credits(10), idempotencyKey: key("order-1") };
    const outcomes = await Promise.all([ledger.consume(input), ledger.consume(input), ledger.consume(input)]);
    expect(outcomes.map((outcome) => unwrap(outcome).replayed)).toEqual([false, true, true]);
    expect(refusalOf(await ledger.consume({ ...input, amount: credits(11) }))).toEqual({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    expect(store.accounts.get(ann)).toMatchObject({ balance: 90 });
  });
});

describe("a COMMIT without an answer", () => {
  /** After `loseNext`, the next COMMIT takes effect but is not answered; a second passes before the retry. */
  class LosingAnswers extends InMemoryLedger {
    #isNext = false;
    loseNext() {
      this.#isNext = true;
    }
    override async commit<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result> {
      const result = await super.commit(readSet, decide);
      if (!this.#isNext) return result;
      this.#isNext = false;
      this.nowMs += 1_000;
      throw new OutcomeUnknown("the connection was lost");
    }
  }

  test.each([
    { idempotencyKey: key("order-1"), says: "with a caller's key" },
    { idempotencyKey: undefined, says: "without a key" },
  ])("a command $says whose COMMIT was not answered takes effect once and is not a replay", async (input) => {
    const store = new LosingAnswers();
    const ledger = createLedgerOn(store);
    unwrap(store.run(grantCredits(1, { expiresAtMs: 2_000 })));
    unwrap(store.run(grantCredits(2, { expiresAtMs: 3_000 })));
    unwrap(store.run(grantCredits(50)));
    store.nowMs = 2_000;
    store.loseNext();
    const result = unwrap(
      await ledger.consume({ ...consumeInput, amount: credits(10), idempotencyKey: input.idempotencyKey }),
    );
    expect(result).toMatchObject({ replayed: false, entry: { amount: 10, balanceAfter: 42 } });
    expect(store.journal.filter(({ kind }) => kind === "consume")).toHaveLength(1);
    expect(store.journal.filter(({ kind }) => kind === "expire").map(({ amount }) => amount)).toEqual([1]);
    store.loseNext();
    unwrap(await ledger.consume({ ...consumeInput, amount: credits(42) }));
    expect(store.accounts.get(ann)).toMatchObject({ balance: 0 });
    expect(findViolations(store)).toEqual([]);
  });

  test("an unanswered COMMIT is not retried while the circuit is open", async () => {
    let attempts = 0;
    class UnavailableStore extends InMemoryLedger {
      override async commit(): Promise<never> {
        attempts += 1;
        throw attempts === 1 ? new OutcomeUnknown("the connection was aborted") : new CircuitOpen("gone");
      }
    }
    await expect(
      createLedgerOn(new UnavailableStore()).consume({ ...consumeInput, amount: credits(1) }),
    ).rejects.toThrow(OutcomeUnknown);
    expect(attempts).toBe(2);
  });

  test("entries get different ids when more expires before the retry of an unanswered COMMIT", async () => {
    const store = new LosingAnswers();
    for (const each of [2_000, 3_000]) unwrap(store.run(grantCredits(5, { expiresAtMs: each })));
    unwrap(store.run(grantCredits(50)));
    unwrap(store.run(hold(3, { ttlSeconds: 2 })));
    store.nowMs = 2_000;
    store.loseNext();
    const result = unwrap(await createLedgerOn(store).consume({ ...consumeInput, amount: credits(1) }));
    expect(result.replayed).toBe(false);
    expect(store.journal.map(({ kind, amount }) => `${kind} ${amount}`).slice(4)).toEqual([
      "expire 2",
      "consume 1",
      "release 3",
      "expire 3",
      "expire 4",
    ]);
    expect(findViolations(store)).toEqual([]);
  });
});

describe("sweep", () => {
  const accounts = [1, 2, 3, 4].map((each) => accountId(`user:${each}`));

  /** Four accounts, each with a grant that expires, the last one first, and a hold. */
  function createLedgerOfFour(): InMemoryLedger {
    const store = new InMemoryLedger();
    for (const [at, account] of accounts.entries()) {
      unwrap(store.run(grantCredits(5, { accountId: account, expiresAtMs: 9_000 - at * 1_000 })));
      unwrap(store.run(hold(2, { accountId: account, ttlSeconds: 600 })));
    }
    return store;
  }

  const balancesOf = (store: InMemoryLedger) => accounts.map((account) => store.accounts.get(account)?.balance);

  test("sweep processes the expirations of all accounts and returns their number", async () => {
    const store = createLedgerOfFour();
    store.nowMs = 7_000;
    expect((await createLedgerOn(store).sweep(100)).due).toBe(2);
    expect(balancesOf(store)).toEqual([3, 3, 0, 0]);
    expect(findViolations(store)).toEqual([]);
  });

  test("sweep processes the other accounts when one is inconsistent, and returns its error", async () => {
    const store = createLedgerOfFour();
    const [broken = ann] = accounts;
    const row = store.accounts.get(broken);
    if (row) store.accounts.set(broken, { ...row, balance: credits(row.balance + 1) });
    store.nowMs = 99_000;
    const { due, failures } = await createLedgerOn(store).sweep(100);
    expect({ due, failures: [...failures] }).toEqual({ due: 4, failures: [[broken, expect.any(InvariantError)]] });
    expect(balancesOf(store)).toEqual([4, 0, 0, 0]);
    const ledger = createLedgerOn(store);
    const balances = accounts.map((account) => ledger.balance(account));
    expect((await Promise.allSettled(balances)).map(({ status }) => status)).toEqual([
      "rejected",
      ...["fulfilled", "fulfilled", "fulfilled"],
    ]);
  });

  test("sweep skips accounts that are known to be inconsistent", async () => {
    const store = createLedgerOfFour();
    store.nowMs = 99_000;
    const [known = ann] = accounts.slice(3);
    expect(await createLedgerOn(store).sweep(3, new Set([known]))).toMatchObject({ due: 3 });
    expect(balancesOf(store)).toEqual([0, 0, 0, 3]);
  });

  test("sweep processes at most EXPIRATION_BATCH holds of an account at a time, and says that there is more", async () => {
    const store = new InMemoryLedger();
    unwrap(store.run(grantCredits(1_000)));
    for (let n = 0; n < EXPIRATION_BATCH + 50; n += 1) unwrap(store.run(hold(1, { ttlSeconds: 10 + n })));
    store.nowMs = 1_000_000;
    const ledger = createLedgerOn(store);
    expect(await ledger.sweep(10)).toMatchObject({ due: 1, isMore: true });
    expect(store.accounts.get(ann)).toMatchObject({ held: 50, balance: 950 });
    // A command in between spends the credits that are already released.
    expect(unwrap(await ledger.consume({ ...consumeInput, amount: credits(10) })).entry.balanceAfter).toBe(990);
    expect(await ledger.sweep(10)).toMatchObject({ isMore: false });
    expect(store.accounts.get(ann)).toMatchObject({ held: 0, balance: 990, nextExpiryMs: null });
    expect(findViolations(store)).toEqual([]);
  });

  test("sweep processes at most `limit` accounts, the earliest expiry first", async () => {
    const store = createLedgerOfFour();
    const ledger = createLedgerOn(store);
    store.nowMs = 99_000;
    expect((await ledger.sweep(3)).due).toBe(3);
    expect(balancesOf(store)).toEqual([3, 0, 0, 0]);
    expect((await ledger.sweep(3)).due).toBe(1);
    expect((await ledger.sweep(3)).due).toBe(0);
    expect(balancesOf(store)).toEqual([0, 0, 0, 0]);
  });

  test("sweep releases expired holds", async () => {
    const store = createLedgerOfFour();
    const ledger = createLedgerOn(store);
    store.nowMs = 601_000;
    await ledger.sweep(100);
    expect([...store.accounts.values()].map(({ balance, held }) => [balance, held])).toEqual(
      accounts.map(() => [0, 0]),
    );
    expect([...store.holds.values()].map(({ state }) => state)).toEqual(accounts.map(() => "expired"));
    expect(findViolations(store)).toEqual([]);
  });

  test("concurrent sweeps of several processes process every expiration once", async () => {
    const store = createLedgerOfFour();
    store.nowMs = 99_000;
    const other = createLedger({
      ...{ store: store, shards: 1, wait: () => Promise.resolve() },
      newTransactionId: () => transactionId(`txn-other-${store.journal.length}`),
    });
    await Promise.all([createLedgerOn(store).sweep(100), other.sweep(100)]);
    expect(store.journal.filter(({ kind }) => kind === "expire")).toHaveLength(4);
    expect(findViolations(store)).toEqual([]);
  });

  test("sweep commits nothing when no account has expirations", async () => {
    class FailingCommit extends InMemoryLedger {
      override commit(): Promise<never> {
        throw new Error("commit must not be called");
      }
    }
    expect((await createLedgerOn(new FailingCommit()).sweep(100)).due).toBe(0);
  });

  test("sweep fails when the database is unavailable, and succeeds later", async () => {
    class Failing extends InMemoryLedger {
      isUnavailable = true;
      override findExpiredAccounts(limit: number): Promise<readonly AccountId[]> {
        if (this.isUnavailable) return Promise.reject(new DatabaseUnavailable("gone"));
        return super.findExpiredAccounts(limit);
      }
    }
    const store = new Failing();
    unwrap(store.run(grantCredits(5, { expiresAtMs: 2_000 })));
    store.nowMs = 2_000;
    await expect(createLedgerOn(store).sweep(100)).rejects.toThrow(DatabaseUnavailable);
    store.isUnavailable = false;
    expect((await createLedgerOn(store).sweep(100)).due).toBe(1);
  });
});

test("processExpirations returns all requested accounts, also those without expirations and those that do not exist", async () => {
  const store = new InMemoryLedger();
  unwrap(store.run(grantCredits(5, { expiresAtMs: 2_000 })));
  store.nowMs = 2_000;
  const { nowMs, accounts } = await createLedgerOn(store).processExpirations([ann, bob]);
  expect(nowMs).toBe(2_000);
  expect([ann, bob].map((id) => accounts.get(id)?.account.balance)).toEqual([0, 0]);
  expect(store.accounts.has(bob)).toBe(false);
});
