import { describe, expect, test } from "vitest";
import { Books } from "../../test/books.ts";
import { ann, done, give, hold, refund, refusal, take } from "../../test/commands.ts";
import { wrongsOf } from "../../test/invariants.ts";

/** Ann has 70 to spend, and 30 are set aside. */
function booksOfAnn(): Books {
  const books = new Books();
  done(books.run(give(60)));
  done(books.run(give(40, { expiresAtMs: 9_000 })));
  done(books.run(hold(30)));
  return books;
}

describe("taking credits away again", () => {
  test.each([
    { amount: 70, balance: 0, says: "accepts the last credit" },
    { amount: 1, balance: 69, says: "accepts a single credit" },
  ])("$says", ({ amount, balance }) => {
    const books = booksOfAnn();
    done(books.run(take(amount)));
    expect(books.accounts.get(ann)).toMatchObject({ balance, held: 30 });
    expect(wrongsOf(books)).toEqual([]);
  });

  test.each([
    { amount: 71, says: "what is set aside cannot be taken" },
    { amount: 101, says: "nobody has that much" },
  ])("is refused: $says", ({ amount }) => {
    expect(refusal(booksOfAnn().run(take(amount)))).toEqual({
      code: "INSUFFICIENT_CREDITS",
      balance: 70,
      required: amount,
    });
  });

  test("gives them back to where granted credits come from, in spending order, and says why", () => {
    const { entry } = done(booksOfAnn().run(take(15, { reason: "a chargeback" })));
    expect(entry).toMatchObject({
      ...{ kind: "revoke", amount: 15, action: "a chargeback", debit: ann, credit: "system:issued" },
      ...{ balanceAfter: 55, heldAfter: 30, metadata: null, requestParams: null, referenceId: null },
    });
    expect(entry.allocations.map(({ amount }) => amount)).toEqual([10, 5]);
  });

  test("is nothing that could be refunded", () => {
    const books = booksOfAnn();
    const { entry } = done(books.run(take(15)));
    expect(refusal(books.run(refund(entry.id, null)))).toEqual({ code: "NOT_REFUNDABLE", kind: "revoke" });
  });
});
