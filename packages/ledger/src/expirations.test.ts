import { idempotencyKey } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  annInPerson,
  bob,
  capture,
  consumeCredits,
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
import { findViolations } from "../test/violations.ts";

/** A ledger in which ann has 100 credits that expire at 11,000. */
function createLedgerOfAnn(): InMemoryLedger {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(100, { expiresAtMs: 11_000 })));
  return ledger;
}

const kindsOf = (ledger: InMemoryLedger) => ledger.journal.map(({ kind, amount }) => `${kind} ${amount}`);
const row = (ledger: InMemoryLedger) => ledger.accounts.get(ann);

describe("expirations are processed before a command is decided", () => {
  test.each([
    {
      nowMs: 10_999,
      balance: 99,
      entries: ["grant 100", "consume 1"],
      says: "do not happen one millisecond before the expiry",
    },
    { nowMs: 11_000, balance: 0, entries: ["grant 100", "expire 100"], says: "happen at the expiry" },
    { nowMs: 99_000, balance: 0, entries: ["grant 100", "expire 100"], says: "happen long after the expiry" },
  ])("expirations before a command $says", ({ nowMs, balance, entries }) => {
    const ledger = createLedgerOfAnn();
    ledger.nowMs = nowMs;
    ledger.run(consumeCredits(1));
    expect(kindsOf(ledger)).toEqual(entries);
    expect(row(ledger)).toMatchObject({ balance });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("a refused command processes expirations, and its refusal has the balance after them", () => {
    const ledger = createLedgerOfAnn();
    ledger.nowMs = 11_000;
    expect(refusalOf(ledger.run(consumeCredits(1)))).toEqual({ code: "INSUFFICIENT_CREDITS", balance: 0, required: 1 });
    expect(row(ledger)).toMatchObject({ balance: 0, sequence: 2, nextExpiryMs: null });
  });

  test("a replay processes expirations", () => {
    const ledger = createLedgerOfAnn();
    const spending = consumeCredits(30, { idempotencyKey: key("order-1") });
    const first = unwrap(ledger.run(spending));
    ledger.nowMs = 11_000;
    expect(unwrap(ledger.run(spending))).toMatchObject({ replayed: true, entry: first.entry });
    expect(kindsOf(ledger)).toEqual(["grant 100", "consume 30", "expire 70"]);
  });

  test("a batch processes the expirations of an account once", () => {
    const ledger = createLedgerOfAnn();
    ledger.nowMs = 11_000;
    ledger.runBatch([consumeCredits(1), grantCredits(5), consumeCredits(2)]);
    expect(kindsOf(ledger)).toEqual(["grant 100", "expire 100", "grant 5", "consume 2"]);
  });

  test("a command does not process the expirations of another account", () => {
    const ledger = createLedgerOfAnn();
    ledger.nowMs = 11_000;
    ledger.run(grantCredits(5, { accountId: bob }));
    expect(row(ledger)).toMatchObject({ balance: 100, nextExpiryMs: 11_000 });
  });

  test("an expire entry names the grant, its source and its allocation", () => {
    const ledger = createLedgerOfAnn();
    const [grant] = ledger.grants.values();
    ledger.nowMs = 12_000;
    ledger.processExpirationsOf(ann);
    expect(ledger.journal.at(-1)).toMatchObject({
      ...{ kind: "expire", amount: 100, action: "admin", referenceId: grant?.id, createdAtMs: 12_000 },
      ...{ debit: ann, credit: "system:expired", allocations: [{ grantId: grant?.id, amount: 100 }] },
    });
  });
});

describe("an unresolved hold", () => {
  test.each([
    { nowMs: 60_999, state: "pending", says: "is pending until the last millisecond" },
    { nowMs: 61_000, state: "expired", says: "is released at its expiry" },
  ])("an unresolved hold $says", ({ nowMs, state }) => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const placed = unwrapHold(ledger.run(hold(30)));
    ledger.nowMs = nowMs;
    ledger.processExpirationsOf(ann);
    expect(ledger.holds.get(placed.id)).toMatchObject({ state });
    expect(row(ledger)).toMatchObject(state === "expired" ? { balance: 100, held: 0 } : { balance: 70, held: 30 });
    expect(findViolations(ledger)).toEqual([]);
  });

  test("an expired hold has its whole amount as expired and nothing as captured", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const placed = unwrapHold(ledger.run(hold(30)));
    ledger.nowMs = 70_000;
    ledger.processExpirationsOf(ann);
    expect(ledger.holds.get(placed.id)).toMatchObject({
      ...{ state: "expired", captured: 0, released: 0, expired: 30, resolvedAtMs: 70_000, expiresAtMs: 61_000 },
    });
    expect(ledger.journal.at(-1)).toMatchObject({
      ...{ kind: "release", amount: 30, action: "render", referenceId: placed.id, expiredOnReturn: 0 },
      ...{ debit: `${ann}:held`, credit: ann, balanceAfter: 100, heldAfter: 0 },
    });
  });

  test("the command that expires a hold can spend its credits", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    unwrap(ledger.run(hold(100)));
    ledger.nowMs = 61_000;
    expect(unwrap(ledger.run(consumeCredits(100))).entry).toMatchObject({ balanceAfter: 0, heldAfter: 0 });
  });

  test("a hold is released before its grant expires, so that the whole grant expires", () => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(hold(30)));
    ledger.nowMs = 61_000;
    ledger.processExpirationsOf(ann);
    expect(kindsOf(ledger)).toEqual(["grant 100", "hold 30", "release 30", "expire 100"]);
    expect(ledger.journal.at(-2)).toMatchObject({ kind: "release", expiredOnReturn: 30 });
    expect(row(ledger)).toMatchObject({ balance: 0, held: 0, nextExpiryMs: null });
  });

  test("credits of an expired hold return to a grant that expired earlier, and expire again", () => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(hold(30)));
    ledger.nowMs = 11_000;
    ledger.processExpirationsOf(ann);
    ledger.nowMs = 61_000;
    ledger.processExpirationsOf(ann);
    expect(kindsOf(ledger)).toEqual(["grant 100", "hold 30", "expire 70", "release 30", "expire 30"]);
    expect(findViolations(ledger)).toEqual([]);
  });

  test("expired holds are released in the order of their expiry", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const later = unwrapHold(ledger.run(hold(10, { ttlSeconds: 3 })));
    const sooner = unwrapHold(ledger.run(hold(20, { ttlSeconds: 2 })));
    unwrap(ledger.run(hold(40, { ttlSeconds: 60 })));
    ledger.nowMs = 4_000;
    ledger.processExpirationsOf(ann);
    expect(ledger.journal.slice(-2).map(({ referenceId }) => referenceId)).toEqual([sooner.id, later.id]);
    expect(row(ledger)).toMatchObject({ balance: 60, held: 40, nextExpiryMs: 61_000 });
  });
});

describe("the next expiry of an account", () => {
  test("the next expiry is the earliest expiry of a grant with credits left", () => {
    const ledger = createLedgerOfAnn();
    unwrap(ledger.run(grantCredits(5, { expiresAtMs: 2_000 })));
    unwrap(ledger.run(grantCredits(7, { expiresAtMs: 3_000, priority: 1 })));
    unwrap(ledger.run(consumeCredits(7)));
    unwrap(ledger.run(grantCredits(9)));
    expect(row(ledger)).toMatchObject({ nextExpiryMs: 2_000 });
    ledger.nowMs = 2_000;
    ledger.processExpirationsOf(ann);
    expect(row(ledger)).toMatchObject({ balance: 109, nextExpiryMs: 11_000 });
  });

  test("the next expiry includes pending holds that are not in the read set", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    unwrap(ledger.run(hold(10, { ttlSeconds: 1 })));
    unwrap(ledger.run(hold(10, { ttlSeconds: 20 })));
    unwrap(ledger.run(hold(10, { ttlSeconds: 10 })));
    ledger.nowMs = 2_000;
    unwrap(ledger.run(consumeCredits(1)));
    expect(row(ledger)).toMatchObject({ held: 20, nextExpiryMs: 11_000 });
  });

  test("the next expiry includes a pending hold of the read set", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    unwrap(ledger.run(hold(10, { ttlSeconds: 1 })));
    const other = unwrapHold(ledger.run(hold(10, { ttlSeconds: 5 })));
    ledger.nowMs = 2_000;
    ledger.run(release(other.id, { by: annInPerson }));
    expect(row(ledger)).toMatchObject({ held: 10, nextExpiryMs: 6_000 });
  });

  test("the next expiry is recomputed when nothing has expired, and nothing else is written", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100)));
    const placed = unwrapHold(ledger.run(hold(10, { ttlSeconds: 1 })));
    unwrap(ledger.run(capture(placed.id, null)));
    expect(row(ledger)).toMatchObject({ nextExpiryMs: 2_000 });
    const before = row(ledger);
    ledger.nowMs = 2_000;
    ledger.processExpirationsOf(ann);
    expect(ledger.writeSets.at(-1)).toEqual({
      ...{ accountsOpened: [], accountsChanged: [{ ...before, nextExpiryMs: null }], entries: [] },
      ...{ grantsAdded: [], grantsChanged: [], holdsAdded: [], holdsChanged: [] },
      ...{ extraRows: [], extraChanges: [] },
    });
  });

  test("the next expiry includes a grant that was empty when it was last computed", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(10, { expiresAtMs: 9_000 })));
    const { entry } = unwrap(ledger.run(consumeCredits(10)));
    unwrap(ledger.run(grantCredits(1, { expiresAtMs: 2_000 })));
    ledger.nowMs = 2_000;
    ledger.processExpirationsOf(ann);
    expect(row(ledger)).toMatchObject({ nextExpiryMs: null });
    unwrap(ledger.run(refund(entry.id, null)));
    expect(row(ledger)).toMatchObject({ balance: 10, nextExpiryMs: 9_000 });
    ledger.nowMs = 9_000;
    expect(refusalOf(ledger.run(consumeCredits(1)))).toMatchObject({ code: "INSUFFICIENT_CREDITS", balance: 0 });
  });
});

describe("entries of expirations", () => {
  test("entries of expirations have keys that a caller cannot use first", () => {
    const ledger = createLedgerOfAnn();
    const placed = unwrapHold(ledger.run(hold(30, { ttlSeconds: 1 })));
    const [grant] = ledger.grants.values();
    for (const name of [`hold-expiry:${placed.id}`, `grant-expiry:${grant?.id}:6`, `capture-rest:${placed.id}`]) {
      unwrap(ledger.run(grantCredits(1, { idempotencyKey: key(name) })));
    }
    const taken = new Set(ledger.journal.map(({ idempotencyKey: each }) => each));
    ledger.nowMs = 11_000;
    ledger.processExpirationsOf(ann);
    const own = ledger.journal.slice(-2).map(({ idempotencyKey: each }) => each);
    expect(own).toEqual([
      idempotencyKey.ofSystem(`hold-expiry:${placed.id}`),
      idempotencyKey.ofSystem(`grant-expiry:${grant?.id}:7`),
    ]);
    expect(own.filter((each) => taken.has(each))).toEqual([]);
  });

  test("entries of expirations have ids that differ from those of the command", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(10, { expiresAtMs: 2_000 })));
    unwrap(ledger.run(grantCredits(10, { expiresAtMs: 2_000 })));
    const placed = unwrapHold(ledger.run(hold(5, { ttlSeconds: 60 })));
    ledger.nowMs = 2_000;
    const { entry } = unwrap(ledger.run(capture(placed.id, 2)));
    const ids = ledger.journal.map(({ id }) => id);
    expect(kindsOf(ledger).slice(3)).toEqual(["expire 5", "expire 10", "release 3", "capture 2", "expire 3"]);
    expect(new Set(ids).size).toBe(ids.length);
    const along = ids.filter((id) => id.startsWith(`${entry.id}-`));
    expect(along).toHaveLength(4);
  });
});
