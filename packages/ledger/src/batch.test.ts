import { credits, holdId, transactionId } from "@jifen/core";
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
  key,
  refund,
  refusal,
  release,
  spend,
  take,
} from "../test/commands.ts";
import { emptyAccount } from "./account.ts";
import { decideBatch, decideExpirations, decideOne, readSetOf, readSetOfExpirations } from "./batch.ts";
import type { Snapshot } from "./store.ts";

const nobody: Snapshot = { nowMs: 1_000, accounts: new Map(), executed: [], charges: [] };

const giving = (account = ann) => give(100, { accountId: account, idempotencyKey: key("order-1") });
const spending = spend(30, { idempotencyKey: key("order-2") });

/** What a store shows to `spending` and `giving` after `giving` was written. */
function afterGiving(account = ann): Snapshot {
  const books = new Books();
  done(books.run({ ...giving(account), transactionId: transactionId(`txn-for-${account}`) }));
  books.nowMs = 2_000;
  return books.show(readSetOf([giving(account), spending]));
}

const nothing = {
  ...{ accountsOpened: [], accountsChanged: [], entries: [] },
  ...{ grantsAdded: [], grantsChanged: [], holdsAdded: [], holdsChanged: [] },
  ...{ extraRows: [], extraChanges: [] },
};

describe("what is written for a command", () => {
  test("the first grant opens the account", () => {
    const { writeSet } = decideOne(giving(), nobody);
    expect(writeSet.accountsOpened).toMatchObject([{ id: ann, balance: 100, sequence: 1 }]);
    expect(writeSet.accountsChanged).toEqual([]);
    expect(writeSet.entries).toHaveLength(1);
  });

  test("every later command changes the account that is there", () => {
    const { writeSet } = decideOne(spending, afterGiving());
    expect(writeSet.accountsOpened).toEqual([]);
    expect(writeSet.accountsChanged).toMatchObject([{ id: ann, balance: 70, sequence: 2 }]);
    expect(writeSet.grantsChanged).toMatchObject([{ remaining: 70 }]);
    expect(writeSet.entries).toMatchObject([{ sequence: 2, createdAtMs: 2_000 }]);
  });

  test("an account that was opened and has nothing is not opened twice", () => {
    const opened: Snapshot = { ...nobody, accounts: new Map([[ann, emptyAccount(ann)]]) };
    expect(decideOne(giving(), opened).writeSet).toMatchObject({ accountsOpened: [], accountsChanged: [{ id: ann }] });
  });

  test.each([
    { command: spending, snapshot: nobody, says: "a refusal for credits" },
    { command: { ...giving(), amount: credits(7) }, snapshot: afterGiving(), says: "a refusal for the key" },
    { command: release(holdId("hold-x")), snapshot: afterGiving(), says: "a refusal for a hold" },
    { command: giving(), snapshot: afterGiving(), says: "a retry" },
  ])("$says writes nothing", ({ command, snapshot }) => {
    expect(decideOne(command, snapshot).writeSet).toEqual(nothing);
  });
});

describe("what was done before", () => {
  test("is found under the account and the key", () => {
    expect(decideOne(giving(), afterGiving()).result).toMatchObject({
      ok: true,
      value: { replayed: true, entry: { id: "txn-for-user:ann" } },
    });
  });

  test("under the same key of another account is none of this account's business", () => {
    expect(decideOne(giving(bob), afterGiving(ann)).result).toMatchObject({
      ok: true,
      value: { replayed: false, entry: { accountId: bob } },
    });
  });

  test("under another key of the same account is none of this key's business", () => {
    expect(decideOne(spending, afterGiving()).result).toMatchObject({ value: { replayed: false } });
  });
});

describe("commands that share a transaction", () => {
  test("are decided in turn, each on what those before it left", () => {
    const { writeSet, result } = decideBatch([giving(), spend(60), spend(60), spend(40)], nobody);
    expect(result.map(refusal)).toEqual([
      undefined,
      undefined,
      { code: "INSUFFICIENT_CREDITS", balance: 40, required: 60 },
      undefined,
    ]);
    expect(writeSet.accountsOpened).toMatchObject([{ balance: 0, sequence: 3 }]);
    expect(writeSet.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test("and a key: the second is a retry of the first, or is refused when it asks for something else", () => {
    const batch = [
      giving(),
      spending,
      { ...spending, transactionId: transactionId("txn-x") },
      { ...spending, amount: credits(7) },
    ];
    const { writeSet, result } = decideBatch(batch, nobody);
    const [, first, second, third] = result;
    expect(done(second)).toMatchObject({ replayed: true, entry: done(first).entry });
    expect(refusal(third)).toEqual({ code: "IDEMPOTENCY_KEY_REUSED" });
    expect(writeSet.entries).toHaveLength(2);
  });

  test("do not share it with another account's: the same key is another key there", () => {
    const { result } = decideBatch([giving(ann), giving(bob)], nobody);
    expect(result.map((answer) => done(answer).replayed)).toEqual([false, false]);
  });

  test("are answered as if each had had its own", () => {
    const commands = [
      give(50),
      hold(20, { holdId: holdId("hold-1") }),
      spend(31),
      take(5),
      capture(holdId("hold-1"), 7),
    ];
    const together = new Books();
    const apart = new Books();
    const answers = together.runTogether(commands);
    expect(answers).toEqual(commands.map((each) => apart.run(each)));
    expect(together.journal).toEqual(apart.journal);
    expect([...together.holds.values(), ...together.grants.values(), ...together.accounts.values()]).toEqual([
      ...apart.holds.values(),
      ...apart.grants.values(),
      ...apart.accounts.values(),
    ]);
  });
});

describe("the rows that deciding takes", () => {
  test("are the accounts, the keys, the holds of those who name one, and the charges of refunds", () => {
    const id = holdId("hold-1");
    const charge = transactionId("txn-charge");
    const about = [extend(id, 5), capture(id, 5), release(id, { accountId: bob })];
    const others = [give(5), spend(5), take(5), hold(5, { holdId: id })];
    const back = refund(charge, null);
    const readSet = readSetOf([...about, ...others, back]);
    expect(new Set(readSet.accountIds)).toEqual(new Set([ann, bob]));
    expect(readSet.keys.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      [...about, ...others, back].map(({ idempotencyKey }) => idempotencyKey),
    );
    expect(readSet.holds.map(({ accountId, holdId: named }) => [accountId, named])).toEqual([
      [ann, id],
      [ann, id],
      [bob, id],
    ]);
    expect(readSet.charges.map(({ accountId, chargeId }) => [accountId, chargeId])).toEqual([[ann, charge]]);
  });

  test("leave out, the first time, keys that were made from the command's own id: nobody can have used them", () => {
    const commands = [spend(5), spend(5, { idempotencyKey: key("order-1") }), spend(5)];
    expect(readSetOf(commands, "first").keys).toEqual([commands[1]]);
    expect(readSetOf(commands, "later").keys).toEqual(commands);
    expect(readSetOf(commands)).toEqual(readSetOf(commands, "later"));
  });

  test("are only the accounts, when nothing but time is to be booked", () => {
    const all = [ann, bob].map((accountId) => ({ accountId, transactionId: transactionId(`txn-${accountId}`) }));
    expect(readSetOfExpirations(all)).toEqual({ accountIds: [ann, bob], keys: [], holds: [], charges: [] });
  });
});

describe("settling accounts", () => {
  const settling = [ann, bob].map((accountId) => ({ accountId, transactionId: transactionId(`txn-${accountId}`) }));

  test("books what is due on each and tells how each is then, and at what time", () => {
    const books = new Books();
    done(books.run(give(5, { expiresAtMs: 2_000 })));
    done(books.run(give(7, { accountId: bob, expiresAtMs: 9_000 })));
    books.nowMs = 2_000;
    const { writeSet, result } = decideExpirations(settling, books.show(readSetOfExpirations(settling)));
    expect(result.nowMs).toBe(2_000);
    expect(result.accounts.get(ann)?.account).toMatchObject({ balance: 0, nextExpiryMs: null });
    expect(result.accounts.get(bob)?.account).toMatchObject({ balance: 7, nextExpiryMs: 9_000 });
    expect(writeSet.entries).toMatchObject([{ accountId: ann, kind: "expire", amount: 5 }]);
    expect(writeSet.accountsChanged.map(({ id }) => id)).toEqual([ann]);
  });

  test("opens no account that was never opened", () => {
    const { writeSet, result } = decideExpirations(settling, nobody);
    expect(writeSet).toEqual(nothing);
    expect(result.accounts.get(ann)).toEqual(emptyAccount(ann));
  });
});
