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
import { ann } from "../test/commands.ts";
import { type AccountState, emptyAccount } from "./account.ts";
import type { Allocation, Grant } from "./grant.ts";
import { type EntryDraft, type Posted, post, withGrant } from "./posting.ts";

const moment = { nowMs: 5_000, transactionId: transactionId("txn-1") };

const bucket = (id: string, remaining: number, expiresAtMs: number | null = null): Grant => ({
  id: grantId(id),
  accountId: ann,
  source: "admin",
  amount: credits(100),
  remaining: credits(remaining),
  priority: 50,
  expiresAtMs,
  createdAtMs: 0,
});

/** Ann's account after seven lines: 60 to spend in two grants, 40 set aside. */
const begun: AccountState = {
  ...emptyAccount(ann),
  account: { id: ann, balance: credits(60), held: credits(40), sequence: 7, nextExpiryMs: null },
  grants: [bucket("grant-a", 20), bucket("grant-b", 40)],
};

const from = (state: AccountState): Posted => ({ state, entries: [] });

const share = (id: string, amount: number): Allocation => ({ grantId: grantId(id), amount: credits(amount) });

const entry = (kind: EntryKind, allocations: readonly Allocation[], is: Partial<EntryDraft> = {}): EntryDraft => ({
  idempotencyKey: idempotencyKey.ofCaller("order-1"),
  kind,
  amount: credits(allocations.reduce((sum, { amount }) => sum + amount, 0)),
  action: "video",
  allocations,
  ...is,
});

const both = [share("grant-a", 4), share("grant-b", 6)];

describe("each kind moves credits from one account to another", () => {
  const rows = [
    { kind: "consume", debit: ann, credit: "system:earned", balance: 50, held: 40, left: [16, 34] },
    { kind: "hold", debit: ann, credit: `${ann}:held`, balance: 50, held: 50, left: [16, 34] },
    { kind: "capture", debit: `${ann}:held`, credit: "system:earned", balance: 60, held: 30, left: [20, 40] },
    { kind: "release", debit: `${ann}:held`, credit: ann, balance: 70, held: 30, left: [24, 46] },
    { kind: "refund", debit: "system:earned", credit: ann, balance: 70, held: 40, left: [24, 46] },
    { kind: "revoke", debit: ann, credit: "system:issued", balance: 50, held: 40, left: [16, 34] },
    { kind: "expire", debit: ann, credit: "system:expired", balance: 50, held: 40, left: [16, 34] },
  ] as const;

  test.each(rows)("$kind: from $debit to $credit", ({ kind, debit, credit, balance, held, left }) => {
    const { state, entries } = post(from(begun), entry(kind, both), moment);
    expect(state.account).toMatchObject({ balance, held, sequence: 8 });
    expect(state.grants.map(({ remaining }) => remaining)).toEqual(left);
    expect(entries).toMatchObject([{ kind, debit, credit, amount: 10, balanceAfter: balance, heldAfter: held }]);
  });

  test("grant: from system:issued into a bucket that is full already", () => {
    const opened = withGrant(begun, bucket("grant-c", 100));
    const { state, entries } = post(from(opened), entry("grant", [share("grant-c", 100)]), moment);
    expect(state.account).toMatchObject({ balance: 160, held: 40 });
    expect(state.grants.map(({ remaining }) => remaining)).toEqual([20, 40, 100]);
    expect(entries).toMatchObject([{ debit: "system:issued", credit: ann, balanceAfter: 160, heldAfter: 40 }]);
  });

  test("extend: nothing, between the sides that its hold is between", () => {
    const { state, entries } = post(from(begun), entry("extend", []), moment);
    expect(state).toEqual({ ...begun, account: { ...begun.account, sequence: 8 } });
    expect(entries).toMatchObject([{ amount: 0, debit: ann, credit: `${ann}:held`, balanceAfter: 60, heldAfter: 40 }]);
  });

  test("there is no other kind", () => {
    const tried = [...rows.map(({ kind }) => kind), "grant", "extend"];
    expect(tried.toSorted()).toEqual(entryKinds.toSorted());
  });
});

describe("a line", () => {
  test("says all that there is to say, and nothing that was not said", () => {
    const [line] = post(from(begun), entry("consume", both), moment).entries;
    expect(line).toEqual({
      ...{ id: "txn-1-8", accountId: ann, sequence: 8, idempotencyKey: "caller:order-1", kind: "consume" },
      ...{ amount: 10, action: "video", metadata: null, requestParams: null, referenceId: null, allocations: both },
      ...{ debit: ann, credit: "system:earned", balanceAfter: 50, heldAfter: 40 },
      ...{ expiredOnReturn: 0, expiresAtMs: null, createdAtMs: 5_000 },
    });
  });

  test("has the id of the command that it is the answer to", () => {
    const own = entry("consume", both, { id: transactionId("txn-own") });
    expect(post(from(begun), own, moment).entries).toMatchObject([{ id: "txn-own" }]);
  });

  test("that comes along has an id that no other line of the account has, in this transaction or a repeated one", () => {
    const first = post(from(begun), entry("consume", both), moment);
    const second = post(first, entry("consume", both), moment);
    const later = post(from(second.state), entry("consume", both), moment);
    const ids = [...second.entries, ...later.entries].map(({ id }) => id);
    expect(ids).toEqual(["txn-1-8", "txn-1-9", "txn-1-10"]);
  });

  test("is numbered without a gap after the one before", () => {
    const twice = post(post(from(begun), entry("consume", both), moment), entry("refund", both), moment);
    expect(twice.entries.map(({ sequence, balanceAfter }) => [sequence, balanceAfter])).toEqual([
      [8, 50],
      [9, 60],
    ]);
    expect(twice.state.account.sequence).toBe(9);
  });

  test("leaves what it was given as it was", () => {
    const before = structuredClone(begun);
    post(from(begun), entry("consume", both), moment);
    expect(begun).toEqual(before);
  });
});

describe("a line that would make a wrong book is not written", () => {
  test.each([
    { wrong: entry("consume", both, { amount: credits(11) }), says: "its shares make less than its amount" },
    { wrong: entry("consume", both, { amount: credits(9) }), says: "its shares make more than its amount" },
    { wrong: entry("capture", both, { amount: credits(9) }), says: "so do those of a capture, which moves no grant" },
    { wrong: entry("extend", [], { amount: credits(1) }), says: "an extend would move something" },
    { wrong: entry("consume", [share("grant-x", 1)]), says: "it takes from a grant that was not shown" },
    { wrong: entry("release", [share("grant-x", 1)]), says: "it gives back to a grant that was not shown" },
    { wrong: entry("refund", [share("grant-a", 1), share("grant-a", 2)]), says: "it names a grant twice" },
    { wrong: entry("grant", [share("grant-x", 1)]), says: "it fills a bucket that nobody opened" },
  ])("when $says", ({ wrong }) => {
    expect(() => post(from(begun), wrong, moment)).toThrow(InvariantError);
  });

  test("and the grant that was not shown is named", () => {
    const wrong = entry("release", [share("grant-a", 1), share("grant-x", 1)]);
    expect(() => post(from(begun), wrong, moment)).toThrow(/not shown: grant-x/);
  });

  test.each([
    { wrong: entry("consume", [share("grant-a", 21)]), says: "a grant" },
    { wrong: entry("revoke", [share("grant-a", 20), share("grant-b", 41)]), says: "the balance" },
    { wrong: entry("capture", [share("grant-b", 41)]), says: "what is held" },
    { wrong: entry("release", [share("grant-b", 41)]), says: "what is held, given back," },
  ])("when $says would fall below zero", ({ wrong }) => {
    expect(() => post(from(begun), wrong, moment)).toThrow(RangeError);
  });

  test("when the account disagreed with its grants before", () => {
    const broken = { ...begun, account: { ...begun.account, balance: credits(61) } };
    expect(() => post(from(broken), entry("consume", both), moment)).toThrow(InvariantError);
  });
});

describe("when the account is due", () => {
  const ending = (remaining: number, expiresAtMs: number, nextExpiryMs: number | null): AccountState => ({
    ...begun,
    account: { ...begun.account, balance: credits(remaining), nextExpiryMs },
    grants: [bucket("grant-a", remaining, expiresAtMs)],
  });

  test.each([
    { kind: "release", nextExpiryMs: null, due: 9_000, says: "what comes back to an empty grant ends with it" },
    { kind: "refund", nextExpiryMs: 9_001, due: 9_000, says: "what is given back may end before all else" },
    { kind: "refund", nextExpiryMs: 8_000, due: 8_000, says: "what is due earlier stays due" },
    { kind: "capture", nextExpiryMs: null, due: null, says: "what a hold loses to us brings nothing back" },
  ] as const)("$says", ({ kind, nextExpiryMs, due }) => {
    const { state } = post(from(ending(0, 9_000, nextExpiryMs)), entry(kind, [share("grant-a", 5)]), moment);
    expect(state.account.nextExpiryMs).toBe(due);
  });

  test("is not moved by what comes back too late: that is booked as expired at once", () => {
    const { state } = post(from(ending(0, 5_000, 8_000)), entry("refund", [share("grant-a", 5)]), moment);
    expect(state.account.nextExpiryMs).toBe(8_000);
  });

  test("is not moved by the end of a grant that got nothing back", () => {
    const state = { ...ending(0, 9_000, null), grants: [bucket("grant-a", 0, 9_000), bucket("grant-b", 0, 8_000)] };
    const refunded = post(from(state), entry("refund", [share("grant-a", 5)]), moment);
    expect(refunded.state.account.nextExpiryMs).toBe(9_000);
  });

  test("is not moved by what is spent", () => {
    const { state } = post(from(ending(50, 9_000, 9_000)), entry("consume", [share("grant-a", 50)]), moment);
    expect(state.account.nextExpiryMs).toBe(9_000);
  });
});

test("a new grant takes its place in the spending order", () => {
  const sooner = bucket("grant-sooner", 5, 9_000);
  expect(withGrant(begun, sooner).grants.map(({ id }) => id)).toEqual(["grant-sooner", "grant-a", "grant-b"]);
});
