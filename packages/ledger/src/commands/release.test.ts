import { type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, capture, done, give, key, refusal, release, spend } from "../../test/commands.ts";
import { wrongsOf } from "../../test/invariants.ts";
import { late, pending, soon } from "../../test/pending-hold.ts";
import { balanceAfterExpirations } from "../entry.ts";

describe("freeing a hold", () => {
  test("gives all of it back to the grants it was taken from, and charges nothing", () => {
    const { books, id } = pending();
    books.nowMs = 2_000;
    const { entry, hold: resolved } = done(books.run(release(id, { metadata: '{"why":"cancelled"}' })));
    expect(resolved).toMatchObject({
      ...{ state: "released", captured: 0, released: 50, expired: 0, resolvedAtMs: 2_000 },
    });
    expect(books.holds.get(id)).toEqual(resolved);
    expect([books.grants.get(soon)?.remaining, books.grants.get(late)?.remaining]).toEqual([30, 70]);
    expect(entry).toMatchObject({
      ...{
        kind: "release",
        amount: 50,
        action: "render",
        metadata: '{"why":"cancelled"}',
        referenceId: id,
        expiredOnReturn: 0,
      },
      ...{ debit: `${ann}:held`, credit: ann, balanceAfter: 100, heldAfter: 0, allocations: resolved?.allocations },
    });
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
    const { books, id } = pending();
    books.nowMs = nowMs;
    const { entry } = done(books.run(release(id)));
    expect(entry).toMatchObject({ amount: 50, expiredOnReturn, balanceAfter: 100 });
    expect(balanceAfterExpirations(entry)).toBe(balance);
    expect(books.accounts.get(ann)).toMatchObject({ balance, held: 0 });
    expect(
      books.journal.filter(({ kind }) => kind === "expire").map(({ amount, referenceId }) => [amount, referenceId]),
    ).toEqual(expiredOnReturn === 0 ? [] : [[30, soon]]);
    expect(wrongsOf(books)).toEqual([]);
  });

  test("makes the account due when the grant ends that was empty all the while", () => {
    const { books, id } = pending();
    done(books.run(give(1, { expiresAtMs: 2_000 })));
    books.nowMs = 2_000;
    books.settle(ann);
    expect(books.accounts.get(ann)).toMatchObject({ nextExpiryMs: 61_000 });
    done(books.run(release(id)));
    expect(books.accounts.get(ann)).toMatchObject({ nextExpiryMs: 9_000 });
    books.nowMs = 9_000;
    expect(refusal(books.run(spend(71)))).toMatchObject({ code: "INSUFFICIENT_CREDITS", balance: 70 });
  });
});

describe("a hold that cannot be freed", () => {
  test.each([
    { first: (id: HoldId) => capture(id, 10), state: "captured", says: "was charged" },
    { first: (id: HoldId) => release(id), state: "released", says: "is free" },
  ])("$says", ({ first, state }) => {
    const { books, id } = pending();
    done(books.run(first(id)));
    const before = books.accounts.get(ann);
    expect(refusal(books.run(release(id)))).toEqual({ code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs: 1_000 });
    expect(books.accounts.get(ann)).toEqual(before);
  });

  test.each([
    { nowMs: 60_999, refused: undefined, says: "can in its last millisecond" },
    {
      nowMs: 61_000,
      refused: { code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAtMs: 61_000 },
      says: "has ended",
    },
  ])("$says", ({ nowMs, refused }) => {
    const { books, id } = pending();
    books.nowMs = nowMs;
    expect(refusal(books.run(release(id)))).toEqual(refused);
    expect(books.accounts.get(ann)).toMatchObject({ balance: 70, held: 0 });
  });

  test.each([
    {
      about: (id: HoldId) => release(id, { by: "user" }),
      code: "FORBIDDEN",
      says: "was placed by another kind of caller",
    },
    { about: () => release(holdId("hold-x")), code: "HOLD_NOT_FOUND", says: "never was" },
  ])("$says", ({ about, code }) => {
    const { books, id } = pending();
    expect(refusal(books.run(about(id)))).toEqual({ code });
    expect(books.holds.get(id)).toMatchObject({ state: "pending" });
  });
});

test("a retry is told what the first was told, whatever was done since", () => {
  const { books, id } = pending();
  const asked = { idempotencyKey: key("cancel-1") };
  books.nowMs = 9_000;
  const first = done(books.run(release(id, asked)));
  done(books.run(spend(70)));
  books.nowMs = 99_000;
  expect(done(books.run(release(id, asked)))).toEqual({ ...first, replayed: true });
  expect(books.journal.filter(({ kind }) => kind === "release")).toHaveLength(1);
});
