import { credits, holdId, InvariantError } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  bob,
  capture,
  consumeCredits,
  extend,
  grantCredits,
  hold,
  key,
  refund,
  refusalOf,
  release,
  unwrap,
  unwrapHold,
} from "../test/commands.ts";
import { InMemoryLedger } from "../test/in-memory-ledger.ts";
import type { AccountState } from "./account.ts";
import { readSetOf } from "./batch.ts";
import { BatchState } from "./batch-state.ts";
import type { Snapshot } from "./store.ts";

const id = holdId("hold-1");

/** The write set of the last batch. */
function lastWriteSet(ledger: InMemoryLedger) {
  const writeSet = ledger.writeSets.at(-1);
  if (!writeSet) throw new Error("nothing was written");
  return writeSet;
}

describe("the write set of a batch", () => {
  test("a grant that was added and spent in a batch is added with the rest", () => {
    const ledger = new InMemoryLedger();
    ledger.runBatch([grantCredits(100), consumeCredits(30), consumeCredits(20)]);
    expect(lastWriteSet(ledger)).toMatchObject({
      ...{ accountsOpened: [{ id: ann, balance: 50, sequence: 3 }], accountsChanged: [] },
      ...{ grantsAdded: [{ amount: 100, remaining: 50 }], grantsChanged: [], holdsAdded: [], holdsChanged: [] },
    });
  });

  test("an existing grant is changed to the rest", () => {
    const ledger = new InMemoryLedger();
    ledger.runBatch([grantCredits(10, { priority: 1 }), grantCredits(100)]);
    ledger.runBatch([consumeCredits(5), consumeCredits(20)]);
    expect(lastWriteSet(ledger)).toMatchObject({
      grantsAdded: [],
      grantsChanged: [{ remaining: 0 }, { remaining: 85 }],
    });
  });

  test("a grant without changes is not written", () => {
    const ledger = new InMemoryLedger();
    ledger.runBatch([grantCredits(10, { priority: 1 }), grantCredits(100)]);
    ledger.run(consumeCredits(5));
    expect(lastWriteSet(ledger).grantsChanged).toMatchObject([{ amount: 10, remaining: 5 }]);
  });

  test("a hold that was placed, extended and captured in a batch is added as captured", () => {
    const ledger = new InMemoryLedger();
    const outcomes = ledger.runBatch([grantCredits(100), hold(30, { holdId: id }), extend(id, 90), capture(id, 10)]);
    expect(outcomes.map(refusalOf)).toEqual([undefined, undefined, undefined, undefined]);
    expect(lastWriteSet(ledger).holdsAdded).toMatchObject([
      { id, state: "captured", captured: 10, released: 20, expiresAtMs: 91_000 },
    ]);
    expect(lastWriteSet(ledger).holdsChanged).toEqual([]);
    expect(lastWriteSet(ledger).accountsOpened).toMatchObject([{ balance: 90, held: 0, sequence: 5 }]);
  });

  test("an existing hold is changed once", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    unwrap(ledger.run(hold(30, { holdId: id })));
    ledger.runBatch([extend(id, 90), release(id), capture(id, 1)]);
    expect(lastWriteSet(ledger)).toMatchObject({ holdsAdded: [], holdsChanged: [{ id, state: "released" }] });
    expect(lastWriteSet(ledger).holdsChanged).toHaveLength(1);
  });

  test("a hold that was only read is not written", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    unwrap(ledger.run(hold(30, { holdId: id })));
    ledger.runBatch([capture(id, 31), consumeCredits(1)]);
    expect(lastWriteSet(ledger)).toMatchObject({ holdsAdded: [], holdsChanged: [], accountsChanged: [{ held: 30 }] });
  });

  test("an account without changes is not written", () => {
    const ledger = new InMemoryLedger();
    ledger.runBatch([grantCredits(5), grantCredits(5, { accountId: bob })]);
    ledger.runBatch([consumeCredits(6), consumeCredits(5, { accountId: bob })]);
    expect(lastWriteSet(ledger).accountsChanged.map((account) => account.id)).toEqual([bob]);
  });

  test("entries are written in the order of the commands", () => {
    const ledger = new InMemoryLedger();
    ledger.runBatch([
      grantCredits(5),
      grantCredits(7, { accountId: bob }),
      consumeCredits(2),
      consumeCredits(3, { accountId: bob }),
    ]);
    expect(lastWriteSet(ledger).entries.map(({ accountId, sequence }) => [accountId, sequence])).toEqual([
      [ann, 1],
      [bob, 1],
      [ann, 2],
      [bob, 2],
    ]);
  });
});

describe("commands of a batch see the commands before them", () => {
  test("a refund in a batch counts for the later refunds of its charge", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const { entry } = unwrap(ledger.run(consumeCredits(50)));
    const outcomes = ledger.runBatch([refund(entry.id, 20), refund(entry.id, 20), refund(entry.id, 20)]);
    expect(outcomes.map(refusalOf)).toEqual([
      undefined,
      undefined,
      { code: "REFUND_EXCEEDS_CHARGE", charged: 50, refunded: 40, amount: 20 },
    ]);
    expect(ledger.accounts.get(ann)).toMatchObject({ balance: 90 });
  });

  test("a hold captured in a batch cannot be released later in the batch", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    unwrap(ledger.run(hold(30, { holdId: id })));
    const outcomes = ledger.runBatch([capture(id, 10), release(id)]);
    expect(outcomes.map(refusalOf)).toEqual([
      undefined,
      { code: "HOLD_ALREADY_RESOLVED", state: "captured", resolvedAtMs: 1_000 },
    ]);
  });
});

describe("the result of a command", () => {
  test("the result has the hold after the command", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const placed = unwrapHold(ledger.run(hold(30, { holdId: id })));
    expect(placed).toMatchObject({ id, state: "pending" });
    expect(unwrapHold(ledger.run(extend(id, 90)))).toMatchObject({ state: "pending", expiresAtMs: 91_000 });
    expect(unwrapHold(ledger.run(capture(id, 10)))).toMatchObject({ state: "captured", captured: 10, released: 20 });
  });

  test("the result has no hold when the command does not refer to one", () => {
    const ledger = new InMemoryLedger();
    expect(unwrap(ledger.run(grantCredits(100))).hold).toBeUndefined();
    expect(unwrap(ledger.run(consumeCredits(1))).hold).toBeUndefined();
  });

  test("the result says whether it is a replay", () => {
    const ledger = new InMemoryLedger();
    const command = grantCredits(100, { idempotencyKey: key("gift-1") });
    expect(unwrap(ledger.run(command)).replayed).toBe(false);
    expect(unwrap(ledger.run(command)).replayed).toBe(true);
  });
});

describe("an inconsistent snapshot", () => {
  /** A snapshot at 1,000 of ann's account with 100 credits, changed. */
  const changedSnapshot = (change: (state: AccountState) => AccountState): Snapshot => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const snapshot = ledger.readSnapshot(readSetOf([consumeCredits(1)]));
    const state = snapshot.accounts.get(ann);
    if (!state) throw new Error("the account does not exist");
    return { ...snapshot, accounts: new Map([[ann, change(state)]]) };
  };
  const snapshotOf = (more: number) =>
    changedSnapshot(({ account, ...rows }) => ({
      ...rows,
      account: { ...account, balance: credits(account.balance + more) },
    }));

  test.each([1, -1])("a batch throws when a balance differs from its grants by %d", (more) => {
    expect(() => new BatchState(snapshotOf(more))).toThrow(InvariantError);
  });

  test("a batch does not throw when balances equal their grants", () => {
    expect(() => new BatchState(snapshotOf(0))).not.toThrow();
  });

  test.each([
    { command: consumeCredits(1), says: "one that the balance covers" },
    { command: consumeCredits(101), says: "one that the balance does not cover" },
  ])("a command throws when holds have expired and none of them was read: $says", ({ command }) => {
    const dueHolds = changedSnapshot((state) => ({
      ...state,
      account: { ...state.account, nextExpiryMs: 900 },
      otherHoldsExpiryMs: 900,
    }));
    expect(() => new BatchState(dueHolds).run(command)).toThrow(InvariantError);
  });
});
