import { credits, holdId, transactionId } from "@jifen/core";
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
  revokeCredits,
  unwrap,
} from "../test/commands.ts";
import { InMemoryLedger } from "../test/in-memory-ledger.ts";
import { emptyAccount } from "./account.ts";
import { decideBatch, decideExpirations, decideOne, readSetOf, readSetOfExpirations } from "./batch.ts";
import type { Snapshot } from "./store.ts";

const emptySnapshot: Snapshot = { nowMs: 1_000, accounts: new Map(), executed: [], charges: [] };

const granting = (account = ann) => grantCredits(100, { accountId: account, idempotencyKey: key("order-1") });
const spending = consumeCredits(30, { idempotencyKey: key("order-2") });

/** The snapshot for both commands after the grant was written. */
function snapshotAfterGrant(account = ann): Snapshot {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run({ ...granting(account), transactionId: transactionId(`txn-for-${account}`) }));
  ledger.nowMs = 2_000;
  return ledger.readSnapshot(readSetOf([granting(account), spending]));
}

const emptyWriteSet = {
  ...{ accountsOpened: [], accountsChanged: [], entries: [] },
  ...{ grantsAdded: [], grantsChanged: [], holdsAdded: [], holdsChanged: [] },
  ...{ extraRows: [], extraChanges: [] },
};

describe("the write set of a command", () => {
  test("the first grant opens the account", () => {
    const { writeSet } = decideOne(granting(), emptySnapshot);
    expect(writeSet.accountsOpened).toMatchObject([{ id: ann, balance: 100, sequence: 1 }]);
    expect(writeSet.accountsChanged).toEqual([]);
    expect(writeSet.entries).toHaveLength(1);
  });

  test("a later command changes the existing account", () => {
    const { writeSet } = decideOne(spending, snapshotAfterGrant());
    expect(writeSet.accountsOpened).toEqual([]);
    expect(writeSet.accountsChanged).toMatchObject([{ id: ann, balance: 70, sequence: 2 }]);
    expect(writeSet.grantsChanged).toMatchObject([{ remaining: 70 }]);
    expect(writeSet.entries).toMatchObject([{ sequence: 2, createdAtMs: 2_000 }]);
  });

  test("an account that exists with a zero balance is not opened again", () => {
    const opened: Snapshot = { ...emptySnapshot, accounts: new Map([[ann, emptyAccount(ann)]]) };
    expect(decideOne(granting(), opened).writeSet).toMatchObject({
      accountsOpened: [],
      accountsChanged: [{ id: ann }],
    });
  });

  test.each([
    { command: spending, snapshot: emptySnapshot, says: "a refusal for the balance" },
    { command: { ...granting(), amount: credits(7) }, snapshot: snapshotAfterGrant(), says: "a refusal for the key" },
    { command: release(holdId("hold-x")), snapshot: snapshotAfterGrant(), says: "a refusal for a hold" },
    { command: granting(), snapshot: snapshotAfterGrant(), says: "a retry" },
  ])("$says has an empty write set", ({ command, snapshot }) => {
    expect(decideOne(command, snapshot).writeSet).toEqual(emptyWriteSet);
  });
});

describe("replays", () => {
  test("an executed command is found under its account and key", () => {
    expect(decideOne(granting(), snapshotAfterGrant()).result).toMatchObject({
      ok: true,
      value: { replayed: true, entry: { id: "txn-for-user:ann" } },
    });
  });

  test("the same key of another account is independent", () => {
    expect(decideOne(granting(bob), snapshotAfterGrant(ann)).result).toMatchObject({
      ok: true,
      value: { replayed: false, entry: { accountId: bob } },
    });
  });

  test("another key of the same account is independent", () => {
    expect(decideOne(spending, snapshotAfterGrant()).result).toMatchObject({ value: { replayed: false } });
  });
});

describe("a batch of commands", () => {
  test("commands of a batch are decided in order, each on the state after those before it", () => {
    const { writeSet, result } = decideBatch(
      [granting(), consumeCredits(60), consumeCredits(60), consumeCredits(40)],
      emptySnapshot,
    );
    expect(result.map(refusalOf)).toEqual([
      undefined,
      undefined,
      { code: "INSUFFICIENT_CREDITS", balance: 40, required: 60 },
      undefined,
    ]);
    expect(writeSet.accountsOpened).toMatchObject([{ balance: 0, sequence: 3 }]);
    expect(writeSet.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test("of commands with one key in a batch, later ones are replays, or are refused if the request differs", () => {
    const batch = [
      granting(),
      spending,
      { ...spending, transactionId: transactionId("txn-x") },
      { ...spending, amount: credits(7) },
    ];
    const { writeSet, result } = decideBatch(batch, emptySnapshot);
    const [, first, second, third] = result;
    expect(unwrap(second)).toMatchObject({ replayed: true, entry: unwrap(first).entry });
    expect(refusalOf(third)).toEqual({ code: "IDEMPOTENCY_KEY_REUSED" });
    expect(writeSet.entries).toHaveLength(2);
  });

  test("the same key of two accounts in a batch is two keys", () => {
    const { result } = decideBatch([granting(ann), granting(bob)], emptySnapshot);
    expect(result.map((outcome) => unwrap(outcome).replayed)).toEqual([false, false]);
  });

  test("a batch has the same outcomes and rows as separate transactions", () => {
    const commands = [
      grantCredits(50),
      hold(20, { holdId: holdId("hold-1") }),
      consumeCredits(31),
      revokeCredits(5),
      capture(holdId("hold-1"), 7),
    ];
    const batched = new InMemoryLedger();
    const separate = new InMemoryLedger();
    const outcomes = batched.runBatch(commands);
    expect(outcomes).toEqual(commands.map((each) => separate.run(each)));
    expect(batched.journal).toEqual(separate.journal);
    expect([...batched.holds.values(), ...batched.grants.values(), ...batched.accounts.values()]).toEqual([
      ...separate.holds.values(),
      ...separate.grants.values(),
      ...separate.accounts.values(),
    ]);
  });
});

describe("the read set of a batch", () => {
  test("the read set has the accounts, the keys, the holds of hold commands, and the charges of refunds", () => {
    const id = holdId("hold-1");
    const charge = transactionId("txn-charge");
    const holdCommands = [extend(id, 5), capture(id, 5), release(id, { accountId: bob })];
    const others = [grantCredits(5), consumeCredits(5), revokeCredits(5), hold(5, { holdId: id })];
    const refundCommand = refund(charge, null);
    const readSet = readSetOf([...holdCommands, ...others, refundCommand]);
    expect(new Set(readSet.accountIds)).toEqual(new Set([ann, bob]));
    expect(readSet.keys.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      [...holdCommands, ...others, refundCommand].map(({ idempotencyKey }) => idempotencyKey),
    );
    expect(readSet.holds.map(({ accountId, holdId: heldId }) => [accountId, heldId])).toEqual([
      [ann, id],
      [ann, id],
      [bob, id],
    ]);
    expect(readSet.charges.map(({ accountId, chargeId }) => [accountId, chargeId])).toEqual([[ann, charge]]);
  });

  test("the first attempt does not read keys that were derived from transaction ids", () => {
    const commands = [consumeCredits(5), consumeCredits(5, { idempotencyKey: key("order-1") }), consumeCredits(5)];
    const keysOf = (attempt: "first" | "later") => readSetOf(commands, attempt).keys.map((each) => each.idempotencyKey);
    expect(keysOf("first")).toEqual([key("order-1")]);
    expect(keysOf("later")).toEqual(commands.map((each) => each.idempotencyKey));
    expect(readSetOf(commands)).toEqual(readSetOf(commands, "later"));
  });

  test("the read set of expirations has only the accounts", () => {
    const all = [ann, bob].map((accountId) => ({ accountId, transactionId: transactionId(`txn-${accountId}`) }));
    expect(readSetOfExpirations(all)).toEqual({ accountIds: [ann, bob], keys: [], holds: [], charges: [] });
  });
});

describe("decideExpirations", () => {
  const targets = [ann, bob].map((accountId) => ({ accountId, transactionId: transactionId(`txn-${accountId}`) }));

  test("decideExpirations processes each account and returns the accounts and the time", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(5, { expiresAtMs: 2_000 })));
    unwrap(ledger.run(grantCredits(7, { accountId: bob, expiresAtMs: 9_000 })));
    ledger.nowMs = 2_000;
    const { writeSet, result } = decideExpirations(targets, ledger.readSnapshot(readSetOfExpirations(targets)));
    expect(result.nowMs).toBe(2_000);
    expect(result.accounts.get(ann)?.account).toMatchObject({ balance: 0, nextExpiryMs: null });
    expect(result.accounts.get(bob)?.account).toMatchObject({ balance: 7, nextExpiryMs: 9_000 });
    expect(writeSet.entries).toMatchObject([{ accountId: ann, kind: "expire", amount: 5 }]);
    expect(writeSet.accountsChanged.map(({ id }) => id)).toEqual([ann]);
  });

  test("decideExpirations opens no account", () => {
    const { writeSet, result } = decideExpirations(targets, emptySnapshot);
    expect(writeSet).toEqual(emptyWriteSet);
    expect(result.accounts.get(ann)).toEqual(emptyAccount(ann));
  });
});
