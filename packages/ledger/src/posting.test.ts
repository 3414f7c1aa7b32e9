import {
  credits,
  type EntryKind,
  entryKinds,
  grantId,
  InvariantError,
  idempotencyKey,
  transactionId,
} from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, byShop } from "../test/commands.ts";
import { type AccountState, emptyAccount } from "./account.ts";
import type { Allocation, Grant } from "./grant.ts";
import { type EntryDraft, type Posted, post, withGrant } from "./posting.ts";

const context = { ...byShop, nowMs: 5_000, transactionId: transactionId("txn-1") };

const createGrant = (id: string, remaining: number, expiresAtMs: number | null = null): Grant => ({
  id: grantId(id),
  accountId: ann,
  source: "admin",
  amount: credits(100),
  remaining: credits(remaining),
  priority: 50,
  expiresAtMs,
  createdAtMs: 0,
});

/** Ann's account after seven entries: 60 spendable credits in two grants, 40 held. */
const initial: AccountState = {
  ...emptyAccount(ann),
  account: { id: ann, balance: credits(60), held: credits(40), sequence: 7, nextExpiryMs: null },
  grants: [createGrant("grant-a", 20), createGrant("grant-b", 40)],
};

const from = (state: AccountState): Posted => ({ state, entries: [] });

const allocation = (id: string, amount: number): Allocation => ({ grantId: grantId(id), amount: credits(amount) });

const draft = (kind: EntryKind, allocations: readonly Allocation[], fields: Partial<EntryDraft> = {}): EntryDraft => ({
  idempotencyKey: idempotencyKey.ofCaller("order-1"),
  kind,
  amount: credits(allocations.reduce((sum, { amount }) => sum + amount, 0)),
  action: "video",
  allocations,
  ...fields,
});

const both = [allocation("grant-a", 4), allocation("grant-b", 6)];

describe("posting rules", () => {
  const rows = [
    { kind: "consume", debit: ann, credit: "system:earned", balance: 50, held: 40, left: [16, 34] },
    { kind: "hold", debit: ann, credit: `${ann}:held`, balance: 50, held: 50, left: [16, 34] },
    { kind: "capture", debit: `${ann}:held`, credit: "system:earned", balance: 60, held: 30, left: [20, 40] },
    { kind: "release", debit: `${ann}:held`, credit: ann, balance: 70, held: 30, left: [24, 46] },
    { kind: "refund", debit: "system:earned", credit: ann, balance: 70, held: 40, left: [24, 46] },
    { kind: "revoke", debit: ann, credit: "system:issued", balance: 50, held: 40, left: [16, 34] },
    { kind: "expire", debit: ann, credit: "system:expired", balance: 50, held: 40, left: [16, 34] },
  ] as const;

  test.each(rows)("a $kind entry debits $debit and credits $credit", ({ kind, debit, credit, balance, held, left }) => {
    const { state, entries } = post(from(initial), draft(kind, both), context);
    expect(state.account).toMatchObject({ balance, held, sequence: 8 });
    expect(state.grants.map(({ remaining }) => remaining)).toEqual(left);
    expect(entries).toMatchObject([{ kind, debit, credit, amount: 10, balanceAfter: balance, heldAfter: held }]);
  });

  test("a grant entry debits system:issued and leaves the new grant full", () => {
    const withNewGrant = withGrant(initial, createGrant("grant-c", 100));
    const { state, entries } = post(from(withNewGrant), draft("grant", [allocation("grant-c", 100)]), context);
    expect(state.account).toMatchObject({ balance: 160, held: 40 });
    expect(state.grants.map(({ remaining }) => remaining)).toEqual([20, 40, 100]);
    expect(entries).toMatchObject([{ debit: "system:issued", credit: ann, balanceAfter: 160, heldAfter: 40 }]);
  });

  test("an extend entry moves no credits and has the accounts of its hold", () => {
    const { state, entries } = post(from(initial), draft("extend", []), context);
    expect(state).toEqual({ ...initial, account: { ...initial.account, sequence: 8 } });
    expect(entries).toMatchObject([{ amount: 0, debit: ann, credit: `${ann}:held`, balanceAfter: 60, heldAfter: 40 }]);
  });

  test("the tests above cover every kind of entry", () => {
    const tried = [...rows.map(({ kind }) => kind), "grant", "extend"];
    expect(tried.toSorted()).toEqual(entryKinds.toSorted());
  });
});

describe("an entry", () => {
  test("an entry has all fields, and null for those that were not given", () => {
    const [entry] = post(from(initial), draft("consume", both), context).entries;
    expect(entry).toEqual({
      ...{ id: "txn-1-8", accountId: ann, sequence: 8, idempotencyKey: "caller:order-1", kind: "consume" },
      ...{ amount: 10, action: "video", metadata: null, requestParams: null, referenceId: null, allocations: both },
      ...{ debit: ann, credit: "system:earned", balanceAfter: 50, heldAfter: 40 },
      ...{ expiredOnReturn: 0, expiresAtMs: null, createdAtMs: 5_000, ...byShop },
    });
  });

  test("the command's own entry has the command's transaction id", () => {
    const ownEntry = draft("consume", both, { id: transactionId("txn-own") });
    expect(post(from(initial), ownEntry, context).entries).toMatchObject([{ id: "txn-own" }]);
  });

  test("a further entry has a unique id, also when its transaction is repeated", () => {
    const first = post(from(initial), draft("consume", both), context);
    const second = post(first, draft("consume", both), context);
    const later = post(from(second.state), draft("consume", both), context);
    const ids = [...second.entries, ...later.entries].map(({ id }) => id);
    expect(ids).toEqual(["txn-1-8", "txn-1-9", "txn-1-10"]);
  });

  test("entries are numbered without a gap", () => {
    const twice = post(post(from(initial), draft("consume", both), context), draft("refund", both), context);
    expect(twice.entries.map(({ sequence, balanceAfter }) => [sequence, balanceAfter])).toEqual([
      [8, 50],
      [9, 60],
    ]);
    expect(twice.state.account.sequence).toBe(9);
  });

  test("post does not change its arguments", () => {
    const before = structuredClone(initial);
    post(from(initial), draft("consume", both), context);
    expect(initial).toEqual(before);
  });
});

describe("post refuses an inconsistent entry", () => {
  test.each([
    {
      invalid: draft("consume", both, { amount: credits(11) }),
      says: "the allocations sum up to less than the amount",
    },
    { invalid: draft("consume", both, { amount: credits(9) }), says: "the allocations sum up to more than the amount" },
    {
      invalid: draft("capture", both, { amount: credits(9) }),
      says: "the allocations of a capture sum up to more than the amount",
    },
    { invalid: draft("extend", [], { amount: credits(1) }), says: "an extend entry has an amount" },
    {
      invalid: draft("consume", [allocation("grant-x", 1)]),
      says: "it takes from a grant that is not in the snapshot",
    },
    {
      invalid: draft("release", [allocation("grant-x", 1)]),
      says: "it returns to a grant that is not in the snapshot",
    },
    {
      invalid: draft("refund", [allocation("grant-a", 1), allocation("grant-a", 2)]),
      says: "it has two allocations of one grant",
    },
    { invalid: draft("grant", [allocation("grant-x", 1)]), says: "it grants to a grant that does not exist" },
  ])("post throws when $says", ({ invalid }) => {
    expect(() => post(from(initial), invalid, context)).toThrow(InvariantError);
  });

  test("the error names the grant that is not in the snapshot", () => {
    const invalid = draft("release", [allocation("grant-a", 1), allocation("grant-x", 1)]);
    expect(() => post(from(initial), invalid, context)).toThrow(/not in the snapshot: grant-x/);
  });

  test.each([
    { invalid: draft("consume", [allocation("grant-a", 21)]), says: "a grant" },
    { invalid: draft("revoke", [allocation("grant-a", 20), allocation("grant-b", 41)]), says: "the balance" },
    { invalid: draft("capture", [allocation("grant-b", 41)]), says: "the held amount" },
    { invalid: draft("release", [allocation("grant-b", 41)]), says: "the held amount of a release" },
  ])("post throws when $says would become negative", ({ invalid }) => {
    expect(() => post(from(initial), invalid, context)).toThrow(RangeError);
  });

  test("post throws when the account disagreed with its grants before", () => {
    const broken = { ...initial, account: { ...initial.account, balance: credits(61) } };
    expect(() => post(from(broken), draft("consume", both), context)).toThrow(InvariantError);
  });
});

describe("the next expiry after a posting", () => {
  const withExpiringGrant = (remaining: number, expiresAtMs: number, nextExpiryMs: number | null): AccountState => ({
    ...initial,
    account: { ...initial.account, balance: credits(remaining), nextExpiryMs },
    grants: [createGrant("grant-a", remaining, expiresAtMs)],
  });

  test.each([
    { kind: "release", nextExpiryMs: null, expected: 9_000, says: "is set by credits returned to an empty grant" },
    {
      kind: "refund",
      nextExpiryMs: 9_001,
      expected: 9_000,
      says: "moves forward when credits return to a grant that expires earlier",
    },
    { kind: "refund", nextExpiryMs: 8_000, expected: 8_000, says: "stays when it is earlier than the grant's expiry" },
    { kind: "capture", nextExpiryMs: null, expected: null, says: "is not set by a capture" },
  ] as const)("the next expiry $says", ({ kind, nextExpiryMs, expected }) => {
    const { state } = post(
      from(withExpiringGrant(0, 9_000, nextExpiryMs)),
      draft(kind, [allocation("grant-a", 5)]),
      context,
    );
    expect(state.account.nextExpiryMs).toBe(expected);
  });

  test("the next expiry is not changed by credits returned to an expired grant", () => {
    const { state } = post(
      from(withExpiringGrant(0, 5_000, 8_000)),
      draft("refund", [allocation("grant-a", 5)]),
      context,
    );
    expect(state.account.nextExpiryMs).toBe(8_000);
  });

  test("the next expiry is not changed by a grant that received nothing", () => {
    const state = {
      ...withExpiringGrant(0, 9_000, null),
      grants: [createGrant("grant-a", 0, 9_000), createGrant("grant-b", 0, 8_000)],
    };
    const refunded = post(from(state), draft("refund", [allocation("grant-a", 5)]), context);
    expect(refunded.state.account.nextExpiryMs).toBe(9_000);
  });

  test("the next expiry is not changed by spending", () => {
    const { state } = post(
      from(withExpiringGrant(50, 9_000, 9_000)),
      draft("consume", [allocation("grant-a", 50)]),
      context,
    );
    expect(state.account.nextExpiryMs).toBe(9_000);
  });
});

test("withGrant inserts a grant in spending order", () => {
  const sooner = createGrant("grant-sooner", 5, 9_000);
  expect(withGrant(initial, sooner).grants.map(({ id }) => id)).toEqual(["grant-sooner", "grant-a", "grant-b"]);
});
