import { idempotencyKey } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../test/books.ts";
import { ann, bob, capture, done, give, hold, holdOf, key, refund, refusal, release, spend } from "../test/commands.ts";
import { wrongsOf } from "../test/invariants.ts";

/** Books in which ann has 100 that end at 11,000. */
function booksOfAnn(): Books {
  const books = new Books();
  done(books.run(give(100, { expiresAtMs: 11_000 })));
  return books;
}

const kindsOf = (books: Books) => books.journal.map(({ kind, amount }) => `${kind} ${amount}`);
const row = (books: Books) => books.accounts.get(ann);

describe("what has ended is booked before anything is decided", () => {
  test.each([
    { nowMs: 10_999, balance: 99, entries: ["grant 100", "consume 1"], says: "not a millisecond too early" },
    { nowMs: 11_000, balance: 0, entries: ["grant 100", "expire 100"], says: "from the very moment on" },
    { nowMs: 99_000, balance: 0, entries: ["grant 100", "expire 100"], says: "however late somebody comes" },
  ])("$says", ({ nowMs, balance, entries }) => {
    const books = booksOfAnn();
    books.nowMs = nowMs;
    books.run(spend(1));
    expect(kindsOf(books)).toEqual(entries);
    expect(row(books)).toMatchObject({ balance });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("also when the command is refused, which is told what is there without it", () => {
    const books = booksOfAnn();
    books.nowMs = 11_000;
    expect(refusal(books.run(spend(1)))).toEqual({ code: "INSUFFICIENT_CREDITS", balance: 0, required: 1 });
    expect(row(books)).toMatchObject({ balance: 0, sequence: 2, nextExpiryMs: null });
  });

  test("also when the command is a retry", () => {
    const books = booksOfAnn();
    const spending = spend(30, { idempotencyKey: key("order-1") });
    const first = done(books.run(spending));
    books.nowMs = 11_000;
    expect(done(books.run(spending))).toMatchObject({ replayed: true, entry: first.entry });
    expect(kindsOf(books)).toEqual(["grant 100", "consume 30", "expire 70"]);
  });

  test("once for all commands of a batch", () => {
    const books = booksOfAnn();
    books.nowMs = 11_000;
    books.runTogether([spend(1), give(5), spend(2)]);
    expect(kindsOf(books)).toEqual(["grant 100", "expire 100", "grant 5", "consume 2"]);
  });

  test("nothing of it when another account's command is decided", () => {
    const books = booksOfAnn();
    books.nowMs = 11_000;
    books.run(give(5, { accountId: bob }));
    expect(row(books)).toMatchObject({ balance: 100, nextExpiryMs: 11_000 });
  });

  test("with a line that says what ended, whose it was and where it went", () => {
    const books = booksOfAnn();
    const [grant] = books.grants.values();
    books.nowMs = 12_000;
    books.settle(ann);
    expect(books.journal.at(-1)).toMatchObject({
      ...{ kind: "expire", amount: 100, action: "admin", referenceId: grant?.id, createdAtMs: 12_000 },
      ...{ debit: ann, credit: "system:expired", allocations: [{ grantId: grant?.id, amount: 100 }] },
    });
  });
});

describe("a hold that nobody resolved", () => {
  test.each([
    { nowMs: 60_999, state: "pending", says: "is there until its last millisecond" },
    { nowMs: 61_000, state: "expired", says: "is freed when its time is over" },
  ])("$says", ({ nowMs, state }) => {
    const books = new Books();
    done(books.run(give(100)));
    const placed = holdOf(books.run(hold(30)));
    books.nowMs = nowMs;
    books.settle(ann);
    expect(books.holds.get(placed.id)).toMatchObject({ state });
    expect(row(books)).toMatchObject(state === "expired" ? { balance: 100, held: 0 } : { balance: 70, held: 30 });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("is over with all of it expired and nothing charged, at the time it was booked", () => {
    const books = new Books();
    done(books.run(give(100)));
    const placed = holdOf(books.run(hold(30)));
    books.nowMs = 70_000;
    books.settle(ann);
    expect(books.holds.get(placed.id)).toMatchObject({
      ...{ state: "expired", captured: 0, released: 0, expired: 30, resolvedAtMs: 70_000, expiresAtMs: 61_000 },
    });
    expect(books.journal.at(-1)).toMatchObject({
      ...{ kind: "release", amount: 30, action: "render", referenceId: placed.id, expiredOnReturn: 0 },
      ...{ debit: `${ann}:held`, credit: ann, balanceAfter: 100, heldAfter: 0 },
    });
  });

  test("can be spent by the very command that finds it", () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(hold(100)));
    books.nowMs = 61_000;
    expect(done(books.run(spend(100))).entry).toMatchObject({ balanceAfter: 0, heldAfter: 0 });
  });

  test("gives back before its grant ends, so that all of the grant ends", () => {
    const books = booksOfAnn();
    done(books.run(hold(30)));
    books.nowMs = 61_000;
    books.settle(ann);
    expect(kindsOf(books)).toEqual(["grant 100", "hold 30", "release 30", "expire 100"]);
    expect(books.journal.at(-2)).toMatchObject({ kind: "release", expiredOnReturn: 30 });
    expect(row(books)).toMatchObject({ balance: 0, held: 0, nextExpiryMs: null });
  });

  test("gives back to its grant that ended long ago, and that ends once more", () => {
    const books = booksOfAnn();
    done(books.run(hold(30)));
    books.nowMs = 11_000;
    books.settle(ann);
    books.nowMs = 61_000;
    books.settle(ann);
    expect(kindsOf(books)).toEqual(["grant 100", "hold 30", "expire 70", "release 30", "expire 30"]);
    expect(wrongsOf(books)).toEqual([]);
  });

  test("is freed with all others that are over, the longest over first", () => {
    const books = new Books();
    done(books.run(give(100)));
    const later = holdOf(books.run(hold(10, { ttlSeconds: 3 })));
    const sooner = holdOf(books.run(hold(20, { ttlSeconds: 2 })));
    done(books.run(hold(40, { ttlSeconds: 60 })));
    books.nowMs = 4_000;
    books.settle(ann);
    expect(books.journal.slice(-2).map(({ referenceId }) => referenceId)).toEqual([sooner.id, later.id]);
    expect(row(books)).toMatchObject({ balance: 60, held: 40, nextExpiryMs: 61_000 });
  });
});

describe("when the account is due next", () => {
  test("is when the first of its grants ends that has something left", () => {
    const books = booksOfAnn();
    done(books.run(give(5, { expiresAtMs: 2_000 })));
    done(books.run(give(7, { expiresAtMs: 3_000, priority: 1 })));
    done(books.run(spend(7)));
    done(books.run(give(9)));
    expect(row(books)).toMatchObject({ nextExpiryMs: 2_000 });
    books.nowMs = 2_000;
    books.settle(ann);
    expect(row(books)).toMatchObject({ balance: 109, nextExpiryMs: 11_000 });
  });

  test("is when a hold ends that nobody named, too", () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(hold(10, { ttlSeconds: 1 })));
    done(books.run(hold(10, { ttlSeconds: 20 })));
    done(books.run(hold(10, { ttlSeconds: 10 })));
    books.nowMs = 2_000;
    done(books.run(spend(1)));
    expect(row(books)).toMatchObject({ held: 20, nextExpiryMs: 11_000 });
  });

  test("is when a named hold ends that is not over yet", () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(hold(10, { ttlSeconds: 1 })));
    const named = holdOf(books.run(hold(10, { ttlSeconds: 5 })));
    books.nowMs = 2_000;
    books.run(release(named.id, { by: "user" }));
    expect(row(books)).toMatchObject({ held: 10, nextExpiryMs: 6_000 });
  });

  test("is found out anew when nothing was due after all, and nothing else changes", () => {
    const books = new Books();
    done(books.run(give(100)));
    const placed = holdOf(books.run(hold(10, { ttlSeconds: 1 })));
    done(books.run(capture(placed.id, null)));
    expect(row(books)).toMatchObject({ nextExpiryMs: 2_000 });
    const before = row(books);
    books.nowMs = 2_000;
    books.settle(ann);
    expect(books.written.at(-1)).toEqual({
      ...{ accountsOpened: [], accountsChanged: [{ ...before, nextExpiryMs: null }], entries: [] },
      ...{ grantsAdded: [], grantsChanged: [], holdsAdded: [], holdsChanged: [] },
      ...{ extraRows: [], extraChanges: [] },
    });
  });

  test("does not forget a grant that was empty when it was last found out", () => {
    const books = new Books();
    done(books.run(give(10, { expiresAtMs: 9_000 })));
    const { entry } = done(books.run(spend(10)));
    done(books.run(give(1, { expiresAtMs: 2_000 })));
    books.nowMs = 2_000;
    books.settle(ann);
    expect(row(books)).toMatchObject({ nextExpiryMs: null });
    done(books.run(refund(entry.id, null)));
    expect(row(books)).toMatchObject({ balance: 10, nextExpiryMs: 9_000 });
    books.nowMs = 9_000;
    expect(refusal(books.run(spend(1)))).toMatchObject({ code: "INSUFFICIENT_CREDITS", balance: 0 });
  });
});

describe("the lines of the system", () => {
  test("have keys that no caller can take first", () => {
    const books = booksOfAnn();
    const placed = holdOf(books.run(hold(30, { ttlSeconds: 1 })));
    const [grant] = books.grants.values();
    for (const name of [`hold-expiry:${placed.id}`, `grant-expiry:${grant?.id}:6`, `capture-rest:${placed.id}`]) {
      done(books.run(give(1, { idempotencyKey: key(name) })));
    }
    const taken = new Set(books.journal.map(({ idempotencyKey: each }) => each));
    books.nowMs = 11_000;
    books.settle(ann);
    const own = books.journal.slice(-2).map(({ idempotencyKey: each }) => each);
    expect(own).toEqual([
      idempotencyKey.ofSystem(`hold-expiry:${placed.id}`),
      idempotencyKey.ofSystem(`grant-expiry:${grant?.id}:7`),
    ]);
    expect(own.filter((each) => taken.has(each))).toEqual([]);
  });

  test("have ids of their own, also beside those of the command that brought them along", () => {
    const books = new Books();
    done(books.run(give(10, { expiresAtMs: 2_000 })));
    done(books.run(give(10, { expiresAtMs: 2_000 })));
    const placed = holdOf(books.run(hold(5, { ttlSeconds: 60 })));
    books.nowMs = 2_000;
    const { entry } = done(books.run(capture(placed.id, 2)));
    const ids = books.journal.map(({ id }) => id);
    expect(kindsOf(books).slice(3)).toEqual(["expire 5", "expire 10", "release 3", "capture 2", "expire 3"]);
    expect(new Set(ids).size).toBe(ids.length);
    const along = ids.filter((id) => id.startsWith(`${entry.id}-`));
    expect(along).toHaveLength(4);
  });
});
