import { type GrantId, type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import type { Books } from "../../test/books.ts";
import { ann, bob, capture, done, give, key, refusal, release, spend } from "../../test/commands.ts";
import { wrongsOf } from "../../test/invariants.ts";
import { late, pending, soon } from "../../test/pending-hold.ts";

const remaining = (books: Books, id: GrantId) => books.grants.get(id)?.remaining;

describe("charging a hold", () => {
  test.each([
    { asked: null, captured: 50, soonHas: 0, lateHas: 50, says: "all of it, when nothing is said" },
    { asked: 50, captured: 50, soonHas: 0, lateHas: 50, says: "all of it, when that is said" },
    { asked: 49, captured: 49, soonHas: 0, lateHas: 51, says: "all but one, from which it was taken last" },
    { asked: 30, captured: 30, soonHas: 0, lateHas: 70, says: "what one grant gave, and all of the other is free" },
    { asked: 1, captured: 1, soonHas: 29, lateHas: 70, says: "a single credit, from what was taken first" },
  ])("$says", ({ asked, captured, soonHas, lateHas }) => {
    const { books, id } = pending();
    const { hold: resolved, entry } = done(books.run(capture(id, asked)));
    expect(resolved).toMatchObject({ state: "captured", captured, released: 50 - captured, expired: 0 });
    expect(books.holds.get(id)).toEqual(resolved);
    expect([remaining(books, soon), remaining(books, late)]).toEqual([soonHas, lateHas]);
    expect(books.accounts.get(ann)).toMatchObject({ balance: soonHas + lateHas, held: 0 });
    expect(entry).toMatchObject({ kind: "capture", amount: captured, balanceAfter: soonHas + lateHas });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("earns what was taken, and says for what", () => {
    const { books, id } = pending();
    books.nowMs = 2_000;
    const { entry, hold: resolved } = done(books.run(capture(id, 35)));
    expect(entry).toMatchObject({
      ...{ debit: `${ann}:held`, credit: "system:earned", action: "render", metadata: '{"frames":24}' },
      ...{
        referenceId: id,
        requestParams: '{"by":"service","amount":35}',
        expiredOnReturn: 0,
        heldAfter: 0,
        createdAtMs: 2_000,
      },
      allocations: [
        { grantId: soon, amount: 30 },
        { grantId: late, amount: 5 },
      ],
    });
    expect(resolved).toMatchObject({ resolvedAtMs: 2_000 });
  });

  test("frees the rest with a line of its own before it, and with none when there is no rest", () => {
    const { books, id } = pending();
    done(books.run(capture(id, 35)));
    expect(books.journal.slice(-2)).toMatchObject([
      { kind: "release", amount: 15, referenceId: id, allocations: [{ grantId: late, amount: 15 }], heldAfter: 35 },
      { kind: "capture", amount: 35 },
    ]);
    const other = pending();
    done(other.books.run(capture(other.id, null)));
    expect(other.books.journal.map(({ kind }) => kind)).toEqual(["grant", "grant", "hold", "capture"]);
  });

  test("charges what was set aside in time although the grant has ended since", () => {
    const { books, id } = pending();
    books.nowMs = 9_000;
    expect(done(books.run(capture(id, null))).entry).toMatchObject({
      amount: 50,
      expiredOnReturn: 0,
      balanceAfter: 50,
    });
    expect(wrongsOf(books)).toEqual([]);
  });

  test.each([
    { nowMs: 8_999, expiredOnReturn: 0, balance: 90, says: "frees the rest for its grant while that lives" },
    { nowMs: 9_000, expiredOnReturn: 20, balance: 70, says: "books the rest as expired when its grant has ended" },
  ])("$says", ({ nowMs, expiredOnReturn, balance }) => {
    const { books, id } = pending();
    books.nowMs = nowMs;
    const { entry } = done(books.run(capture(id, 10)));
    expect(entry).toMatchObject({ amount: 10, expiredOnReturn, balanceAfter: balance + expiredOnReturn });
    expect(books.accounts.get(ann)).toMatchObject({ balance, held: 0 });
    expect(remaining(books, soon)).toBe(20 - expiredOnReturn);
    const expired = books.journal.filter(({ kind }) => kind === "expire").map(({ amount }) => amount);
    expect(expired).toEqual(expiredOnReturn === 0 ? [] : [20]);
    expect(wrongsOf(books)).toEqual([]);
  });
});

describe("a hold is charged once", () => {
  test.each([
    { first: (id: HoldId) => capture(id, 10), state: "captured", says: "not again after it was charged in part" },
    { first: (id: HoldId) => release(id), state: "released", says: "not after it was freed" },
  ])("$says", ({ first, state }) => {
    const { books, id } = pending();
    done(books.run(first(id)));
    const before = books.accounts.get(ann);
    books.nowMs = 2_000;
    const again = capture(id, 1);
    expect(refusal(books.run(again))).toEqual({ code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs: 1_000 });
    expect(books.accounts.get(ann)).toEqual(before);
  });

  test.each([
    { nowMs: 60_999, refused: undefined, says: "in the last millisecond of its time" },
    {
      nowMs: 61_000,
      refused: { code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAtMs: 61_000 },
      says: "not from the moment on when its time is over, by the clock of the database",
    },
  ])("$says", ({ nowMs, refused }) => {
    const { books, id } = pending();
    books.nowMs = nowMs;
    expect(refusal(books.run(capture(id, null)))).toEqual(refused);
    expect(books.holds.get(id)).toMatchObject(refused ? { captured: 0, expired: 50 } : { captured: 50, expired: 0 });
    expect(wrongsOf(books)).toEqual([]);
  });
});

describe("a charge is refused", () => {
  test.each([
    {
      amount: 51,
      by: "service",
      refused: { code: "CAPTURE_EXCEEDS_HOLD", amount: 51, held: 50 },
      says: "above the hold",
    },
    { amount: 1, by: "user", refused: { code: "FORBIDDEN" }, says: "to another kind of caller than placed it" },
    { amount: 51, by: "user", refused: { code: "FORBIDDEN" }, says: "to that for being that, before the amount" },
  ] as const)("$says", ({ amount, by, refused }) => {
    const { books, id } = pending();
    expect(refusal(books.run(capture(id, amount, { by })))).toEqual(refused);
    expect(books.holds.get(id)).toMatchObject({ state: "pending", captured: 0 });
    expect(books.accounts.get(ann)).toMatchObject({ balance: 50, held: 50 });
  });

  test("when the hold is over, before the amount is looked at", () => {
    const { books, id } = pending();
    done(books.run(release(id)));
    expect(refusal(books.run(capture(id, 51)))).toMatchObject({ code: "HOLD_ALREADY_RESOLVED" });
  });

  test("when there is no such hold, or it is somebody else's", () => {
    const { books, id } = pending();
    done(books.run(give(5, { accountId: bob })));
    expect(refusal(books.run(capture(holdId("hold-x"), null)))).toEqual({ code: "HOLD_NOT_FOUND" });
    expect(refusal(books.run(capture(id, null, { accountId: bob })))).toEqual({ code: "HOLD_NOT_FOUND" });
    const together = books.runTogether([capture(id, 50, { accountId: bob }), capture(id, 50)]);
    expect(together.map(refusal)).toEqual([{ code: "HOLD_NOT_FOUND" }, undefined]);
  });
});

test("a retry is told what the first was told, whatever was done since", () => {
  const { books, id } = pending();
  const asked = { idempotencyKey: key("done-1") };
  const first = done(books.run(capture(id, 10, asked)));
  done(books.run(spend(40)));
  books.nowMs = 99_000;
  expect(done(books.run(capture(id, 10, asked)))).toEqual({ ...first, replayed: true });
  expect(books.journal.filter(({ kind }) => kind === "capture")).toHaveLength(1);
});
