import {
  type Credits,
  credits,
  grantId,
  MAX_AMOUNT,
  MAX_BALANCE,
  type TransactionId,
  transactionId,
} from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../../test/books.ts";
import { ann, bob, capture, done, give, hold, holdOf, key, refund, refusal, spend } from "../../test/commands.ts";
import { wrongsOf } from "../../test/invariants.ts";
import { balanceAfterExpirations } from "../entry.ts";

const soon = grantId("grant-soon");
const late = grantId("grant-late");

/** A charge of 50: all 30 of a grant that ends at 9,000, and 20 of one that never does. */
function charged(): { readonly books: Books; readonly id: TransactionId } {
  const books = new Books();
  done(books.run(give(30, { grantId: soon, expiresAtMs: 9_000 })));
  done(books.run(give(70, { grantId: late })));
  return { books, id: done(books.run(spend(50))).entry.id };
}

const left = (books: Books) => [books.grants.get(soon)?.remaining, books.grants.get(late)?.remaining];

describe("giving a charge back", () => {
  test.each([
    { parts: [null], grants: [30, 70], says: "all of it, when nothing is said" },
    { parts: [50], grants: [30, 70], says: "all of it, when that is said" },
    { parts: [1], grants: [0, 51], says: "a single credit, to the grant from which it was taken last" },
    { parts: [20], grants: [0, 70], says: "what one grant gave" },
    { parts: [21], grants: [1, 70], says: "and then to the one before" },
    { parts: [15, 10], grants: [5, 70], says: "in parts, each going on where the one before ended" },
    { parts: [15, 10, null], grants: [30, 70], says: "all that is left after some parts" },
    { parts: [20, 30], grants: [30, 70], says: "in parts that make up the charge" },
  ])("$says", ({ parts, grants }) => {
    const { books, id } = charged();
    for (const part of parts) done(books.run(refund(id, part)));
    expect(left(books)).toEqual(grants);
    expect(books.accounts.get(ann)).toMatchObject({ balance: grants.reduce((sum, each) => sum + each), held: 0 });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("writes a line that says what was given back, of what, and why", () => {
    const { books, id } = charged();
    const { entry } = done(books.run(refund(id, 21, { metadata: '{"why":"blurry"}' })));
    expect(entry).toMatchObject({
      ...{
        kind: "refund",
        amount: 21,
        action: "video",
        metadata: '{"why":"blurry"}',
        referenceId: id,
        expiredOnReturn: 0,
      },
      ...{ requestParams: '{"amount":21}', debit: "system:earned", credit: ann, balanceAfter: 71, heldAfter: 0 },
      allocations: [
        { grantId: late, amount: 20 },
        { grantId: soon, amount: 1 },
      ],
    });
  });

  test("works for what was captured, and only for that much of the hold", () => {
    const { books } = charged();
    const { id } = holdOf(books.run(hold(40)));
    const { entry } = done(books.run(capture(id, 15)));
    expect(refusal(books.run(refund(entry.id, 16)))).toMatchObject({ charged: 15, refunded: 0, amount: 16 });
    expect(done(books.run(refund(entry.id, null))).entry).toMatchObject({ amount: 15, balanceAfter: 50 });
    expect(wrongsOf(books)).toEqual([]);
  });

  test.each([
    { nowMs: 8_999, expiredOnReturn: 0, balance: 100, says: "gives back to a grant in its last millisecond" },
    {
      nowMs: 9_000,
      expiredOnReturn: 30,
      balance: 70,
      says: "says how much came back too late, and books that as expired",
    },
  ])("$says", ({ nowMs, expiredOnReturn, balance }) => {
    const { books, id } = charged();
    books.nowMs = nowMs;
    const { entry } = done(books.run(refund(id, null)));
    expect(entry).toMatchObject({ amount: 50, expiredOnReturn, balanceAfter: 100 });
    expect(balanceAfterExpirations(entry)).toBe(balance);
    expect(books.accounts.get(ann)).toMatchObject({ balance });
    expect(books.journal.at(-1)).toMatchObject(
      expiredOnReturn === 0 ? { kind: "refund" } : { kind: "expire", amount: 30, referenceId: soon, balanceAfter: 70 },
    );
    expect(wrongsOf(books)).toEqual([]);
  });

  test("counts what came back too late as given back", () => {
    const { books, id } = charged();
    books.nowMs = 9_000;
    done(books.run(refund(id, null)));
    expect(refusal(books.run(refund(id, 1)))).toMatchObject({ code: "REFUND_EXCEEDS_CHARGE", refunded: 50 });
  });
});

describe("no more is given back than was charged", () => {
  test.each([
    { before: [], amount: 51, refused: { charged: 50, refunded: 0, amount: 51 }, says: "at once" },
    { before: [20, 20], amount: 11, refused: { charged: 50, refunded: 40, amount: 11 }, says: "in parts" },
    { before: [50], amount: 1, refused: { charged: 50, refunded: 50, amount: 1 }, says: "after all was" },
    {
      before: [50],
      amount: null,
      refused: { charged: 50, refunded: 50, amount: 0 },
      says: "also when nothing is said",
    },
  ])("$says", ({ before, amount, refused }) => {
    const { books, id } = charged();
    for (const each of before) done(books.run(refund(id, each)));
    const row = books.accounts.get(ann);
    expect(refusal(books.run(refund(id, amount)))).toEqual({ code: "REFUND_EXCEEDS_CHARGE", ...refused });
    expect(books.accounts.get(ann)).toEqual(row);
  });

  test("by two refunds of one transaction of the database", () => {
    const { books, id } = charged();
    const answers = books.runTogether([refund(id, 30), refund(id, 30), refund(id, null)]);
    expect(answers.map(refusal)).toEqual([
      undefined,
      { code: "REFUND_EXCEEDS_CHARGE", charged: 50, refunded: 30, amount: 30 },
      undefined,
    ]);
    expect(left(books)).toEqual([30, 70]);
    expect(wrongsOf(books)).toEqual([]);
  });

  test("by the same request twice in one transaction of the database", () => {
    const { books, id } = charged();
    const asked = { idempotencyKey: key("back-1") };
    const answers = books.runTogether([refund(id, 20, asked), refund(id, 20, asked)]).map(done);
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(books.accounts.get(ann)).toMatchObject({ balance: 70 });
  });
});

describe("only a charge can be given back", () => {
  test.each([
    { kind: "grant", line: (books: Books) => books.run(give(5)) },
    { kind: "hold", line: (books: Books) => books.run(hold(5)) },
    { kind: "refund", line: (books: Books, id: TransactionId) => books.run(refund(id, 5)) },
  ])("not a $kind", ({ kind, line }) => {
    const { books, id } = charged();
    const { entry } = done(line(books, id));
    expect(refusal(books.run(refund(entry.id, null)))).toEqual({ code: "NOT_REFUNDABLE", kind });
  });

  test.each(["expire", "release"])("not an %s that time brought about", (kind) => {
    const { books } = charged();
    done(books.run(give(5, { expiresAtMs: 2_000 })));
    done(books.run(hold(5, { ttlSeconds: 1 })));
    books.nowMs = 2_000;
    books.settle(ann);
    const line = books.journal.find((each) => each.kind === kind);
    expect(refusal(books.run(refund(line?.id ?? transactionId("txn-x"), null)))).toEqual({
      code: "NOT_REFUNDABLE",
      kind,
    });
  });

  test("not what never was", () => {
    const answer = charged().books.run(refund(transactionId("txn-x"), null));
    expect(refusal(answer)).toEqual({ code: "TRANSACTION_NOT_FOUND" });
  });

  test("not what somebody else was charged, even beside a refund of that one", () => {
    const { books, id } = charged();
    done(books.run(give(100, { accountId: bob })));
    const asBob = { accountId: bob };
    expect(refusal(books.run(refund(id, null, asBob)))).toEqual({ code: "TRANSACTION_NOT_FOUND" });
    const together = books.runTogether([refund(id, 10), refund(id, 10, asBob)]);
    expect(together.map(refusal)).toEqual([undefined, { code: "TRANSACTION_NOT_FOUND" }]);
    expect(books.accounts.get(bob)).toMatchObject({ balance: 100 });
    expect(wrongsOf(books)).toEqual([]);
  });
});

describe("an account that is full", () => {
  /** Ann was charged 50, and has `held` set aside and the rest up to `total` to spend. */
  function full(total: number, held: number): { readonly books: Books; readonly id: TransactionId } {
    const { books, id } = charged();
    const most: Credits = credits(MAX_AMOUNT);
    for (let has = 50; has < total; has += most) done(books.run(give(Math.min(most, total - has))));
    if (held > 0) done(books.run(hold(held)));
    return { books, id };
  }

  test.each([
    { total: MAX_BALANCE - 50, held: 0, accepted: true, says: "takes back its last credit" },
    { total: MAX_BALANCE - 49, held: 0, accepted: false, says: "does not take back one more" },
    { total: MAX_BALANCE - 49, held: 7, accepted: false, says: "is full with what is set aside as well" },
  ])("$says", ({ total, held, accepted }) => {
    const { books, id } = full(total, held);
    const answer = books.run(refund(id, null));
    const limit = { code: "BALANCE_LIMIT", balance: total - held, limit: MAX_BALANCE };
    expect(refusal(answer)).toEqual(accepted ? undefined : limit);
  });
});

test("a retry is told what the first was told, whatever was done since", () => {
  const { books, id } = charged();
  const asked = { idempotencyKey: key("back-1") };
  const first = done(books.run(refund(id, null, asked)));
  done(books.run(spend(100)));
  books.nowMs = 9_000;
  expect(done(books.run(refund(id, null, asked)))).toEqual({ ...first, replayed: true });
  expect(books.journal.filter(({ kind }) => kind === "refund")).toHaveLength(1);
});
