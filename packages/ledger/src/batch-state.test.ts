import { credits, holdId, InvariantError } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../test/books.ts";
import {
  ann,
  bob,
  capture,
  done,
  extend,
  give,
  hold,
  holdOf,
  key,
  refund,
  refusal,
  release,
  spend,
} from "../test/commands.ts";
import { readSetOf } from "./batch.ts";
import { BatchState } from "./batch-state.ts";
import type { Snapshot } from "./store.ts";

const id = holdId("hold-1");

/** What a batch led to: the rows it wrote. */
function written(books: Books) {
  const writeSet = books.written.at(-1);
  if (!writeSet) throw new Error("nothing was written");
  return writeSet;
}

describe("each row is written once, as it is in the end:", () => {
  test("a grant that was added and spent is added with what is left", () => {
    const books = new Books();
    books.runTogether([give(100), spend(30), spend(20)]);
    expect(written(books)).toMatchObject({
      ...{ accountsOpened: [{ id: ann, balance: 50, sequence: 3 }], accountsChanged: [] },
      ...{ grantsAdded: [{ amount: 100, remaining: 50 }], grantsChanged: [], holdsAdded: [], holdsChanged: [] },
    });
  });

  test("a grant that was there is changed to what is left", () => {
    const books = new Books();
    books.runTogether([give(10, { priority: 1 }), give(100)]);
    books.runTogether([spend(5), spend(20)]);
    expect(written(books)).toMatchObject({ grantsAdded: [], grantsChanged: [{ remaining: 0 }, { remaining: 85 }] });
  });

  test("a grant of which nothing moved is not written", () => {
    const books = new Books();
    books.runTogether([give(10, { priority: 1 }), give(100)]);
    books.run(spend(5));
    expect(written(books).grantsChanged).toMatchObject([{ amount: 10, remaining: 5 }]);
  });

  test("a hold that was placed, extended and captured is added captured", () => {
    const books = new Books();
    const answers = books.runTogether([give(100), hold(30, { holdId: id }), extend(id, 90), capture(id, 10)]);
    expect(answers.map(refusal)).toEqual([undefined, undefined, undefined, undefined]);
    expect(written(books).holdsAdded).toMatchObject([
      { id, state: "captured", captured: 10, released: 20, expiresAtMs: 91_000 },
    ]);
    expect(written(books).holdsChanged).toEqual([]);
    expect(written(books).accountsOpened).toMatchObject([{ balance: 90, held: 0, sequence: 5 }]);
  });

  test("a hold that was there is changed", () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(hold(30, { holdId: id })));
    books.runTogether([extend(id, 90), release(id), capture(id, 1)]);
    expect(written(books)).toMatchObject({ holdsAdded: [], holdsChanged: [{ id, state: "released" }] });
    expect(written(books).holdsChanged).toHaveLength(1);
  });

  test("a hold that was only looked at is not written", () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(hold(30, { holdId: id })));
    books.runTogether([capture(id, 31), spend(1)]);
    expect(written(books)).toMatchObject({ holdsAdded: [], holdsChanged: [], accountsChanged: [{ held: 30 }] });
  });

  test("an account of which nothing changed is not written", () => {
    const books = new Books();
    books.runTogether([give(5), give(5, { accountId: bob })]);
    books.runTogether([spend(6), spend(5, { accountId: bob })]);
    expect(written(books).accountsChanged.map((account) => account.id)).toEqual([bob]);
  });

  test("the lines are in the order in which they happened", () => {
    const books = new Books();
    books.runTogether([give(5), give(7, { accountId: bob }), spend(2), spend(3, { accountId: bob })]);
    expect(written(books).entries.map(({ accountId, sequence }) => [accountId, sequence])).toEqual([
      [ann, 1],
      [bob, 1],
      [ann, 2],
      [bob, 2],
    ]);
  });
});

describe("what a batch has done counts for the commands after it:", () => {
  test("a refund in it is part of what was refunded", () => {
    const books = new Books();
    done(books.run(give(100)));
    const { entry } = done(books.run(spend(50)));
    const answers = books.runTogether([refund(entry.id, 20), refund(entry.id, 20), refund(entry.id, 20)]);
    expect(answers.map(refusal)).toEqual([
      undefined,
      undefined,
      { code: "REFUND_EXCEEDS_CHARGE", charged: 50, refunded: 40, amount: 20 },
    ]);
    expect(books.accounts.get(ann)).toMatchObject({ balance: 90 });
  });

  test("a hold captured in it cannot be released any more", () => {
    const books = new Books();
    done(books.run(give(100)));
    done(books.run(hold(30, { holdId: id })));
    const answers = books.runTogether([capture(id, 10), release(id)]);
    expect(answers.map(refusal)).toEqual([
      undefined,
      { code: "HOLD_ALREADY_RESOLVED", state: "captured", resolvedAtMs: 1_000 },
    ]);
  });
});

describe("an answer", () => {
  test("shows the hold as it is then, when the hold was named or has just been placed", () => {
    const books = new Books();
    done(books.run(give(100)));
    const placed = holdOf(books.run(hold(30, { holdId: id })));
    expect(placed).toMatchObject({ id, state: "pending" });
    expect(holdOf(books.run(extend(id, 90)))).toMatchObject({ state: "pending", expiresAtMs: 91_000 });
    expect(holdOf(books.run(capture(id, 10)))).toMatchObject({ state: "captured", captured: 10, released: 20 });
  });

  test("is about no hold when the command is not", () => {
    const books = new Books();
    expect(done(books.run(give(100))).hold).toBeUndefined();
    expect(done(books.run(spend(1))).hold).toBeUndefined();
  });

  test("to a retry is not marked as the first, and the first is not marked as a retry", () => {
    const books = new Books();
    const asked = give(100, { idempotencyKey: key("gift-1") });
    expect(done(books.run(asked)).replayed).toBe(false);
    expect(done(books.run(asked)).replayed).toBe(true);
  });
});

describe("a snapshot in which an account disagrees with its grants", () => {
  const snapshotOf = (more: number): Snapshot => {
    const books = new Books();
    done(books.run(give(100)));
    const snapshot = books.show(readSetOf([spend(1)]));
    const state = snapshot.accounts.get(ann);
    if (!state) throw new Error("there is no such account");
    const account = { ...state.account, balance: credits(state.account.balance + more) };
    return { ...snapshot, accounts: new Map([[ann, { ...state, account }]]) };
  };

  test.each([1, -1])("by %d stops everything, also what would be refused", (more) => {
    expect(() => new BatchState(snapshotOf(more))).toThrow(InvariantError);
  });

  test("by nothing does not", () => {
    expect(() => new BatchState(snapshotOf(0))).not.toThrow();
  });
});
