import { type AccountId, accountId, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../test/books.ts";
import { ann, bob, done, give, hold, spend } from "../test/commands.ts";
import { createBalanceReader } from "./balance-reader.ts";
import { createExpirationProcessor } from "./process-expirations.ts";
import { type AccountsRead, DatabaseUnavailable, OutcomeUnknown } from "./store.ts";

/** Reads that wait until they are let through, each as the books are at the moment of that. */
class SlowBooks extends Books {
  readonly asked: (readonly AccountId[])[] = [];
  readonly #gates: PromiseWithResolvers<void>[] = [];

  override async readAccounts(ids: readonly AccountId[]): Promise<AccountsRead> {
    const gate = Promise.withResolvers<void>();
    this.asked.push(ids);
    const read = await super.readAccounts(ids);
    this.#gates.push(gate);
    await gate.promise;
    return read;
  }

  /** Lets the next read through, which has seen the books as they were when it was sent. */
  async letThrough(error?: Error): Promise<void> {
    await settled();
    const gate = this.#gates.shift();
    if (!gate) throw new Error("nobody is reading");
    if (error) gate.reject(error);
    gate.resolve();
    await settled();
  }
}

/** Everything that has been set in motion has come to rest. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

const settleOn = (books: Books) => {
  let made = 0;
  const newTransactionId = () => {
    made += 1;
    return transactionId(`txn-settling-${made}`);
  };
  return createExpirationProcessor({ store: books, newTransactionId });
};

const nobodySettles = () => Promise.reject(new Error("nothing is due"));

describe("a balance", () => {
  test("is what can be spent, what is set aside, and what of it ends next", async () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(give(30, { expiresAtMs: 9_000 })));
    done(books.run(give(10, { expiresAtMs: 90_000 })));
    done(books.run(hold(20)));
    const balance = createBalanceReader(books, nobodySettles);
    expect(await balance(ann)).toEqual({ balance: 120, held: 20, expiring: { amount: 10, expiresAtMs: 9_000 } });
  });

  test("is nothing for an account that was never opened", async () => {
    const balance = createBalanceReader(new Books(), nobodySettles);
    expect(await balance(accountId("user:nobody"))).toEqual({ balance: 0, held: 0, expiring: null });
  });
});

describe("what is due is booked before anybody sees it:", () => {
  /** Ann has 100, 30 that end at 2,000, and a hold of 20 that ends then; bob has 5 that end at 3,000. */
  function booksAt(nowMs: number): Books {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(give(30, { expiresAtMs: 2_000 })));
    done(books.run(hold(20, { ttlSeconds: 1 })));
    done(books.run(give(5, { accountId: bob, expiresAtMs: 3_000 })));
    books.nowMs = nowMs;
    return books;
  }

  test.each([
    { nowMs: 1_999, told: { balance: 110, held: 20, expiring: { amount: 10, expiresAtMs: 2_000 } }, entries: 4 },
    { nowMs: 2_000, told: { balance: 100, held: 0, expiring: null }, entries: 6 },
  ])("at $nowMs", async ({ nowMs, told, entries }) => {
    const books = booksAt(nowMs);
    expect(await createBalanceReader(books, settleOn(books))(ann)).toEqual(told);
    expect(books.journal).toHaveLength(entries);
  });

  test("only on the accounts on which something is", async () => {
    const books = booksAt(2_000);
    const settling: (readonly AccountId[])[] = [];
    const balance = createBalanceReader(books, (ids) => {
      settling.push(ids);
      return settleOn(books)(ids);
    });
    const first = balance(accountId("user:first"));
    const [ofAnn, ofBob] = await Promise.all([balance(ann), balance(bob), first]);
    expect(ofAnn).toMatchObject({ balance: 100, held: 0 });
    expect(ofBob).toEqual({ balance: 5, held: 0, expiring: { amount: 5, expiresAtMs: 3_000 } });
    expect(settling).toEqual([[ann]]);
  });

  test("an account that was not due when it was read is told as of then, and not half as of later", async () => {
    const books = booksAt(2_000);
    const balance = createBalanceReader(books, (ids) => {
      books.nowMs = 3_000;
      return settleOn(books)(ids);
    });
    const first = balance(accountId("user:first"));
    const [ofAnn, ofBob] = await Promise.all([balance(ann), balance(bob), first]);
    expect(ofAnn).toMatchObject({ balance: 100 });
    expect(ofBob).toEqual({ balance: 5, held: 0, expiring: { amount: 5, expiresAtMs: 3_000 } });
  });

  test.each([
    { error: new OutcomeUnknown("lost"), says: "unknown whether it was booked: whoever reads need not care" },
    { error: new DatabaseUnavailable("gone"), says: "not booked" },
  ])("or nothing is told, when it is $says", async ({ error }) => {
    const balance = createBalanceReader(booksAt(2_000), () => Promise.reject(error));
    const failure = await balance(ann).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect((failure as Error).message).toBe(error.message);
  });

  test("and what nobody expected is passed on as it is", async () => {
    const balance = createBalanceReader(booksAt(2_000), () => Promise.reject(new RangeError("a bug")));
    await expect(balance(ann)).rejects.toThrow(RangeError);
  });
});

describe("reads that wait share one", () => {
  test("of all accounts that were asked for meanwhile, each once", async () => {
    const books = new SlowBooks();
    done(books.run(give(5)));
    const balance = createBalanceReader(books, nobodySettles);
    const first = balance(ann);
    const later = [balance(ann), balance(bob), balance(ann)];
    await books.letThrough();
    await books.letThrough();
    expect(await first).toMatchObject({ balance: 5 });
    expect(await Promise.all(later)).toMatchObject([{ balance: 5 }, { balance: 0 }, { balance: 5 }]);
    expect(books.asked).toEqual([[ann], [ann, bob]]);
  });

  test("but none that was sent already: it would miss what was acknowledged in between", async () => {
    const books = new SlowBooks();
    done(books.run(give(5)));
    const balance = createBalanceReader(books, nobodySettles);
    const before = balance(ann);
    await settled();
    done(books.run(spend(3)));
    const after = balance(ann);
    await books.letThrough();
    await books.letThrough();
    expect([await before, await after]).toMatchObject([{ balance: 5 }, { balance: 2 }]);
  });

  test("and its failure, after which the next is read as ever", async () => {
    const books = new SlowBooks();
    done(books.run(give(5)));
    const balance = createBalanceReader(books, nobodySettles);
    const failing = balance(ann).catch((error: unknown) => error);
    await settled();
    const next = balance(ann);
    await books.letThrough(new DatabaseUnavailable("gone"));
    expect(await failing).toBeInstanceOf(DatabaseUnavailable);
    await books.letThrough();
    expect(await next).toMatchObject({ balance: 5 });
    const last = balance(ann);
    await books.letThrough();
    expect(await last).toMatchObject({ balance: 5 });
  });
});
