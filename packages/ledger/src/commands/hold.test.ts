import { type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../../test/books.ts";
import { ann, capture, done, give, hold, holdOf, key, refusal, release, spend } from "../../test/commands.ts";
import { wrongsOf } from "../../test/invariants.ts";

function booksOfAnn(): Books {
  const books = new Books();
  done(books.run(give(60, { expiresAtMs: 90_000 })));
  done(books.run(give(40)));
  return books;
}

describe("setting credits aside", () => {
  test.each([
    { amount: 100, balance: 0, says: "accepts the last credit" },
    { amount: 1, balance: 99, says: "accepts a single credit" },
  ])("$says", ({ amount, balance }) => {
    const books = booksOfAnn();
    done(books.run(hold(amount)));
    expect(books.accounts.get(ann)).toMatchObject({ balance, held: amount });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("is refused when one credit is missing", () => {
    expect(refusal(booksOfAnn().run(hold(101)))).toEqual({
      code: "INSUFFICIENT_CREDITS",
      balance: 100,
      required: 101,
    });
  });

  test("counts what is set aside already as gone", () => {
    const books = booksOfAnn();
    done(books.run(hold(80)));
    expect(refusal(books.run(hold(21)))).toMatchObject({ balance: 20, required: 21 });
    expect(refusal(books.run(spend(21)))).toMatchObject({ balance: 20, required: 21 });
  });

  test("remembers what was taken from which grants, for whom, for what and for how long", () => {
    const books = booksOfAnn();
    const [first, second] = [...books.grants.keys()];
    books.nowMs = 5_000;
    const placed = holdOf(books.run(hold(70, { holdId: holdId("hold-1"), ttlSeconds: 7 })));
    expect(placed).toEqual({
      ...{ id: "hold-1", accountId: ann, placedBy: "service", action: "render", metadata: '{"frames":24}' },
      ...{ amount: 70, state: "pending", captured: 0, released: 0, expired: 0 },
      ...{ expiresAtMs: 12_000, createdAtMs: 5_000, resolvedAtMs: null },
      allocations: [
        { grantId: first, amount: 60 },
        { grantId: second, amount: 10 },
      ],
    });
    expect(books.holds.get("hold-1")).toEqual(placed);
  });

  test("is answered with a line that says all a retry needs to be told", () => {
    const { entry } = done(booksOfAnn().run(hold(70, { holdId: holdId("hold-1") })));
    expect(entry).toMatchObject({
      ...{ kind: "hold", amount: 70, action: "render", metadata: '{"frames":24}', referenceId: "hold-1" },
      ...{ requestParams: '{"placedBy":"service","ttlSeconds":60}', expiresAtMs: 61_000, expiredOnReturn: 0 },
      ...{ debit: ann, credit: `${ann}:held`, balanceAfter: 30, heldAfter: 70 },
    });
  });

  test.each([
    { ttlSeconds: 10, due: 11_000, says: "makes the account due when it ends" },
    { ttlSeconds: 600, due: 90_000, says: "does not put off what is due before" },
  ])("$says", ({ ttlSeconds, due }) => {
    const books = booksOfAnn();
    done(books.run(hold(10, { ttlSeconds })));
    expect(books.accounts.get(ann)).toMatchObject({ nextExpiryMs: due });
  });
});

describe("a retry of a hold is answered as the first time", () => {
  test.each([
    { resolve: undefined, nowMs: 2_000, says: "while it is pending" },
    { resolve: (id: HoldId) => capture(id, null), nowMs: 2_000, says: "after it was captured" },
    { resolve: (id: HoldId) => release(id), nowMs: 2_000, says: "after it was released" },
    { resolve: undefined, nowMs: 99_000, says: "after it expired" },
  ])("$says", ({ resolve, nowMs }) => {
    const books = booksOfAnn();
    const asked = { idempotencyKey: key("job-1") };
    const first = done(books.run(hold(70, asked)));
    if (resolve && first.hold) done(books.run(resolve(first.hold.id)));
    books.nowMs = nowMs;
    const entries = books.journal.filter(({ kind }) => kind === "hold").length;
    const retry = done(books.run(hold(70, asked)));
    expect(retry).toMatchObject({ replayed: true, entry: first.entry });
    expect(retry.entry).toMatchObject({ expiresAtMs: 61_000, balanceAfter: 30, referenceId: first.hold?.id });
    expect(books.journal.filter(({ kind }) => kind === "hold")).toHaveLength(entries);
    expect(books.holds.size).toBe(1);
    expect(wrongsOf(books)).toEqual([]);
  });
});
