import { type HoldId, holdId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../../test/books.ts";
import { ann, capture, done, extend, give, hold, holdOf, key, refusal, release } from "../../test/commands.ts";
import { wrongsOf } from "../../test/invariants.ts";

/** A hold of 30 that ends at 11,000. */
function pending(): { readonly books: Books; readonly id: HoldId } {
  const books = new Books();
  done(books.run(give(100)));
  return { books, id: holdOf(books.run(hold(30, { ttlSeconds: 10 }))).id };
}

describe("giving a job more time", () => {
  test.each([
    { nowMs: 1_000, ttlSeconds: 20, ends: 21_000, says: "lasts from now on" },
    { nowMs: 10_999, ttlSeconds: 1, ends: 11_999, says: "works in the last millisecond" },
    { nowMs: 1_000, ttlSeconds: 10, ends: 11_000, says: "changes nothing when it is as long" },
    { nowMs: 5_000, ttlSeconds: 1, ends: 11_000, says: "never shortens" },
  ])("$says", ({ nowMs, ttlSeconds, ends }) => {
    const { books, id } = pending();
    books.nowMs = nowMs;
    const { entry, hold: extended } = done(books.run(extend(id, ttlSeconds)));
    expect(extended).toMatchObject({ state: "pending", amount: 30, expiresAtMs: ends });
    expect(books.holds.get(id)).toEqual(extended);
    expect(entry).toMatchObject({
      ...{ kind: "extend", amount: 0, allocations: [], action: "render", referenceId: id, expiresAtMs: ends },
      ...{ requestParams: JSON.stringify({ by: "service", ttlSeconds }), balanceAfter: 70, heldAfter: 30 },
    });
    expect(wrongsOf(books)).toEqual([]);
  });

  test("keeps the hold alive beyond its first end", () => {
    const { books, id } = pending();
    done(books.run(extend(id, 60)));
    books.nowMs = 60_999;
    expect(done(books.run(capture(id, null))).entry).toMatchObject({ amount: 30 });
  });

  test("leaves it to end when the time given is over", () => {
    const { books, id } = pending();
    done(books.run(extend(id, 60)));
    books.nowMs = 61_000;
    books.settle(ann);
    expect(books.holds.get(id)).toMatchObject({ state: "expired", expired: 30 });
    expect(books.accounts.get(ann)).toMatchObject({ balance: 100, held: 0 });
  });
});

describe("a hold that cannot be extended", () => {
  test.each([
    {
      by: "service",
      nowMs: 11_000,
      refused: { code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAtMs: 11_000 },
    },
    { by: "user", nowMs: 1_000, refused: { code: "FORBIDDEN" } },
    { by: "user", nowMs: 11_000, refused: { code: "FORBIDDEN" } },
  ] as const)("$refused.code by a $by at $nowMs", ({ by, nowMs, refused }) => {
    const { books, id } = pending();
    books.nowMs = nowMs;
    expect(refusal(books.run(extend(id, 60, { by })))).toEqual(refused);
  });

  test("is one that never was", () => {
    expect(refusal(pending().books.run(extend(holdId("hold-x"), 60)))).toEqual({ code: "HOLD_NOT_FOUND" });
  });

  test("is one that its caller has freed", () => {
    const { books, id } = pending();
    done(books.run(release(id)));
    books.nowMs = 2_000;
    expect(refusal(books.run(extend(id, 60)))).toEqual({
      code: "HOLD_ALREADY_RESOLVED",
      state: "released",
      resolvedAtMs: 1_000,
    });
  });
});

test("a retry is told the end that the first was told, although there was another extend since", () => {
  const { books, id } = pending();
  const asked = { idempotencyKey: key("more-1") };
  const first = done(books.run(extend(id, 60, asked)));
  books.nowMs = 30_000;
  done(books.run(extend(id, 600)));
  const retry = done(books.run(extend(id, 60, asked)));
  expect(retry).toMatchObject({ replayed: true, entry: first.entry });
  expect(retry.entry.expiresAtMs).toBe(61_000);
  expect(books.holds.get(id)).toMatchObject({ expiresAtMs: 630_000 });
  done(books.run(release(id)));
  expect(done(books.run(extend(id, 60, asked))).entry).toEqual(first.entry);
});
