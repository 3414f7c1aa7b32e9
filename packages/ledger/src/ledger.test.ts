import { type AccountId, accountId, credits, grantId, holdId, InvariantError, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../test/books.ts";
import { ann, bob, done, give, hold, key, refusal } from "../test/commands.ts";
import { wrongsOf } from "../test/invariants.ts";
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

function ledgerOn(books: Books): Ledger {
  let made = 0;
  const newTransactionId = () => {
    made += 1;
    return transactionId(`txn-${made}-of-the-ledger`);
  };
  return createLedger({ store: books, shards: 2, wait: () => Promise.resolve(), newTransactionId });
}

const gift = { accountId: ann, source: "admin", priority: 50, expiresAtMs: null, reason: "a gift" } as const;
const video = { accountId: ann, action: "video", metadata: null };

describe("the ledger", () => {
  test("runs a command of each kind, one after the other", async () => {
    const books = new Books();
    const ledger = ledgerOn(books);
    const about = { accountId: ann, by: "user" } as const;
    const job = { ...video, placedBy: "user", ttlSeconds: 60 } as const;
    const [one, two] = [holdId("hold-1"), holdId("hold-2")];
    done(await ledger.grant({ ...gift, grantId: grantId("grant-1"), amount: credits(100) }));
    const { entry } = done(await ledger.consume({ ...video, amount: credits(10) }));
    done(await ledger.refund({ accountId: ann, chargeId: entry.id, amount: null, metadata: null }));
    done(await ledger.hold({ ...job, holdId: one, amount: credits(20) }));
    done(await ledger.hold({ ...job, holdId: two, amount: credits(20) }));
    done(await ledger.extend({ ...about, holdId: one, ttlSeconds: 90 }));
    done(await ledger.capture({ ...about, holdId: one, amount: credits(5) }));
    done(await ledger.release({ ...about, holdId: two, metadata: null }));
    done(await ledger.revoke({ accountId: ann, amount: credits(1), reason: "a mistake" }));
    expect(await ledger.balance(ann)).toEqual({ balance: 94, held: 0, expiring: null });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("gives a command that came without a key one of its own, so that two alike are two", async () => {
    const books = new Books();
    const ledger = ledgerOn(books);
    done(await ledger.grant({ ...gift, grantId: grantId("grant-1"), amount: credits(100) }));
    const asked = { ...video, amount: credits(10) };
    const answers = await Promise.all([ledger.consume(asked), ledger.consume(asked)]);
    expect(answers.map((answer) => done(answer).replayed)).toEqual([false, false]);
    expect(books.accounts.get(ann)).toMatchObject({ balance: 80 });
  });

  test("does a command once that comes twice under one key, also at the same time", async () => {
    const books = new Books();
    const ledger = ledgerOn(books);
    done(await ledger.grant({ ...gift, grantId: grantId("grant-1"), amount: credits(100) }));
    const asked = { ...video, amount: credits(10), idempotencyKey: key("order-1") };
    const answers = await Promise.all([ledger.consume(asked), ledger.consume(asked), ledger.consume(asked)]);
    expect(answers.map((answer) => done(answer).replayed)).toEqual([false, true, true]);
    expect(refusal(await ledger.consume({ ...asked, amount: credits(11) }))).toEqual({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    expect(books.accounts.get(ann)).toMatchObject({ balance: 90 });
  });
});

describe("a COMMIT that nobody answered", () => {
  /** The next transaction is written and not answered; time goes on before it is looked up. */
  class Unanswered extends Books {
    #isNext = false;
    loseNext() {
      this.#isNext = true;
    }
    override async commit<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result> {
      const result = await super.commit(readSet, decide);
      if (!this.#isNext) return result;
      this.#isNext = false;
      this.nowMs += 1_000;
      throw new OutcomeUnknown("the connection was cut");
    }
  }

  test.each([
    { idempotencyKey: key("order-1"), says: "under the caller's key" },
    { idempotencyKey: undefined, says: "under the command's own" },
  ])("is looked up $says: done once, told as done now, and what has ended since is booked", async (asked) => {
    const books = new Unanswered();
    const ledger = ledgerOn(books);
    done(books.run(give(1, { expiresAtMs: 2_000 })));
    done(books.run(give(2, { expiresAtMs: 3_000 })));
    done(books.run(give(50)));
    books.nowMs = 2_000;
    books.loseNext();
    const answer = done(await ledger.consume({ ...video, amount: credits(10), idempotencyKey: asked.idempotencyKey }));
    expect(answer).toMatchObject({ replayed: false, entry: { amount: 10, balanceAfter: 42 } });
    expect(books.journal.filter(({ kind }) => kind === "consume")).toHaveLength(1);
    expect(books.journal.filter(({ kind }) => kind === "expire").map(({ amount }) => amount)).toEqual([1]);
    books.loseNext();
    done(await ledger.consume({ ...video, amount: credits(42) }));
    expect(books.accounts.get(ann)).toMatchObject({ balance: 0 });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("is not looked for in a database that is known to be away", async () => {
    let asked = 0;
    class Away extends Books {
      override async commit(): Promise<never> {
        asked += 1;
        throw asked === 1 ? new OutcomeUnknown("the connection was given up") : new CircuitOpen("gone");
      }
    }
    await expect(ledgerOn(new Away()).consume({ ...video, amount: credits(1) })).rejects.toThrow(OutcomeUnknown);
    expect(asked).toBe(2);
  });

  test("does not give two lines one id when something new ends before it is looked up", async () => {
    const books = new Unanswered();
    for (const each of [2_000, 3_000]) done(books.run(give(5, { expiresAtMs: each })));
    done(books.run(give(50)));
    done(books.run(hold(3, { ttlSeconds: 2 })));
    books.nowMs = 2_000;
    books.loseNext();
    const answer = done(await ledgerOn(books).consume({ ...video, amount: credits(1) }));
    expect(answer.replayed).toBe(false);
    expect(books.journal.map(({ kind, amount }) => `${kind} ${amount}`).slice(4)).toEqual([
      "expire 2",
      "consume 1",
      "release 3",
      "expire 3",
      "expire 4",
    ]);
    expect(wrongsOf(books)).toEqual([]);
  });
});

describe("sweeping", () => {
  const people = [1, 2, 3, 4].map((each) => accountId(`user:${each}`));

  /** Everybody has credits that end, the later ones first, and a hold that does not. */
  function booksOfPeople(): Books {
    const books = new Books();
    for (const [at, account] of people.entries()) {
      done(books.run(give(5, { accountId: account, expiresAtMs: 9_000 - at * 1_000 })));
      done(books.run(hold(2, { accountId: account, ttlSeconds: 600 })));
    }
    return books;
  }

  const left = (books: Books) => people.map((account) => books.accounts.get(account)?.balance);

  test("books what is due on those on which something is, and says how many they were", async () => {
    const books = booksOfPeople();
    books.nowMs = 7_000;
    expect((await ledgerOn(books).sweep(100)).due).toBe(2);
    expect(left(books)).toEqual([3, 3, 0, 0]);
    expect(wrongsOf(books)).toEqual([]);
  });

  test("settles the others when the books of one are in disorder, and says which", async () => {
    const books = booksOfPeople();
    const [broken = ann] = people;
    const row = books.accounts.get(broken);
    if (row) books.accounts.set(broken, { ...row, balance: credits(row.balance + 1) });
    books.nowMs = 99_000;
    const { due, failures } = await ledgerOn(books).sweep(100);
    expect({ due, failures: [...failures] }).toEqual({ due: 4, failures: [[broken, expect.any(InvariantError)]] });
    expect(left(books)).toEqual([4, 0, 0, 0]);
    const ledger = ledgerOn(books);
    const balances = people.map((account) => ledger.balance(account));
    expect((await Promise.allSettled(balances)).map(({ status }) => status)).toEqual([
      "rejected",
      ...["fulfilled", "fulfilled", "fulfilled"],
    ]);
  });

  test("leaves those alone that are known to be in disorder", async () => {
    const books = booksOfPeople();
    books.nowMs = 99_000;
    const [known = ann] = people.slice(3);
    expect(await ledgerOn(books).sweep(3, new Set([known]))).toMatchObject({ due: 3 });
    expect(left(books)).toEqual([0, 0, 0, 3]);
  });

  test("books a bounded part of what is due on one account at once, and says that there is more", async () => {
    const books = new Books();
    done(books.run(give(1_000)));
    for (let n = 0; n < EXPIRATION_BATCH + 50; n += 1) done(books.run(hold(1, { ttlSeconds: 10 + n })));
    books.nowMs = 1_000_000;
    const ledger = ledgerOn(books);
    expect(await ledger.sweep(10)).toMatchObject({ due: 1, isMore: true });
    expect(books.accounts.get(ann)).toMatchObject({ held: 50, balance: 950 });
    // Whoever comes in between is served, and pays with what is free.
    expect(done(await ledger.consume({ ...video, amount: credits(10) })).entry.balanceAfter).toBe(990);
    expect(await ledger.sweep(10)).toMatchObject({ isMore: false });
    expect(books.accounts.get(ann)).toMatchObject({ held: 0, balance: 990, nextExpiryMs: null });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("takes no more than it may at once, the longest due first, and comes to an end", async () => {
    const books = booksOfPeople();
    const ledger = ledgerOn(books);
    books.nowMs = 99_000;
    expect((await ledger.sweep(3)).due).toBe(3);
    expect(left(books)).toEqual([3, 0, 0, 0]);
    expect((await ledger.sweep(3)).due).toBe(1);
    expect((await ledger.sweep(3)).due).toBe(0);
    expect(left(books)).toEqual([0, 0, 0, 0]);
  });

  test("frees holds that nobody resolved", async () => {
    const books = booksOfPeople();
    const ledger = ledgerOn(books);
    books.nowMs = 601_000;
    await ledger.sweep(100);
    expect([...books.accounts.values()].map(({ balance, held }) => [balance, held])).toEqual(people.map(() => [0, 0]));
    expect([...books.holds.values()].map(({ state }) => state)).toEqual(people.map(() => "expired"));
    expect(wrongsOf(books)).toEqual([]);
  });

  test("at the same time in several processes books everything once", async () => {
    const books = booksOfPeople();
    books.nowMs = 99_000;
    const other = createLedger({
      ...{ store: books, shards: 1, wait: () => Promise.resolve() },
      newTransactionId: () => transactionId(`txn-other-${books.journal.length}`),
    });
    await Promise.all([ledgerOn(books).sweep(100), other.sweep(100)]);
    expect(books.journal.filter(({ kind }) => kind === "expire")).toHaveLength(4);
    expect(wrongsOf(books)).toEqual([]);
  });

  test("asks the database for nothing more when nothing is due", async () => {
    class Watched extends Books {
      override commit(): Promise<never> {
        throw new Error("there is nothing to commit");
      }
    }
    expect((await ledgerOn(new Watched()).sweep(100)).due).toBe(0);
  });

  test("fails when the database does, and can be tried again", async () => {
    class Failing extends Books {
      isGone = true;
      override findExpiredAccounts(limit: number): Promise<readonly AccountId[]> {
        if (this.isGone) return Promise.reject(new DatabaseUnavailable("gone"));
        return super.findExpiredAccounts(limit);
      }
    }
    const books = new Failing();
    done(books.run(give(5, { expiresAtMs: 2_000 })));
    books.nowMs = 2_000;
    await expect(ledgerOn(books).sweep(100)).rejects.toThrow(DatabaseUnavailable);
    books.isGone = false;
    expect((await ledgerOn(books).sweep(100)).due).toBe(1);
  });
});

test("settling tells how accounts are then, those without anything due and those that never were among them", async () => {
  const books = new Books();
  done(books.run(give(5, { expiresAtMs: 2_000 })));
  books.nowMs = 2_000;
  const { nowMs, accounts } = await ledgerOn(books).processExpirations([ann, bob]);
  expect(nowMs).toBe(2_000);
  expect([ann, bob].map((id) => accounts.get(id)?.account.balance)).toEqual([0, 0]);
  expect(books.accounts.has(bob)).toBe(false);
});
