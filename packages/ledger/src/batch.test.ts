import { describe, expect, test } from "vitest";
import { emptyAccount } from "./account.ts";
import { decideOne } from "./batch.ts";
import type { Command } from "./commands/decide.ts";
import { credits } from "./credits.ts";
import { accountId, grantId, idempotencyKey, transactionId } from "./ids.ts";
import type { Snapshot } from "./store.ts";

const ann = accountId("user:ann");
const bob = accountId("user:bob");
const key = idempotencyKey.ofCaller("order-1");

const giving = (account = ann): Command => ({
  kind: "grant",
  accountId: account,
  idempotencyKey: key,
  transactionId: transactionId(`txn-for-${account}`),
  grantId: grantId(`grant-for-${account}`),
  amount: credits(100),
  source: "admin",
  priority: 50,
  reason: "welcome",
});

const spending: Command = {
  kind: "consume",
  accountId: ann,
  idempotencyKey: idempotencyKey.ofCaller("order-2"),
  transactionId: transactionId("txn-2"),
  amount: credits(30),
  action: "video",
  metadata: null,
};

const nobody: Snapshot = { nowMs: 1_000, accounts: new Map(), earlier: [] };

/** What a store shows after `giving` was written. */
function afterGiving(account = ann): Snapshot {
  const { changes } = decideOne(giving(account), nobody);
  const [opened] = changes.accountsOpened;
  if (!opened) throw new Error("no account was opened");
  return {
    nowMs: 2_000,
    accounts: new Map([[account, { account: opened, grants: changes.grantsAdded }]]),
    earlier: changes.transactions,
  };
}

const nothing = { accountsOpened: [], accountsChanged: [], grantsAdded: [], grantsChanged: [], transactions: [] };

describe("what is written for a command", () => {
  test("the first grant opens the account", () => {
    const { changes } = decideOne(giving(), nobody);
    expect(changes.accountsOpened).toMatchObject([{ id: ann, balance: 100, sequence: 1 }]);
    expect(changes.accountsChanged).toEqual([]);
    expect(changes.transactions).toHaveLength(1);
  });

  test("every later command changes the account that is there", () => {
    const { changes } = decideOne(spending, afterGiving());
    expect(changes.accountsOpened).toEqual([]);
    expect(changes.accountsChanged).toMatchObject([{ id: ann, balance: 70, sequence: 2 }]);
    expect(changes.grantsChanged).toMatchObject([{ remaining: 70 }]);
    expect(changes.transactions).toMatchObject([{ sequence: 2, createdAtMs: 2_000 }]);
  });

  test("an account that was opened and has nothing is not opened twice", () => {
    const opened: Snapshot = { ...nobody, accounts: new Map([[ann, emptyAccount(ann)]]) };
    expect(decideOne(giving(), opened).changes).toMatchObject({ accountsOpened: [], accountsChanged: [{ id: ann }] });
  });

  test.each([
    { command: spending, snapshot: nobody, says: "a refusal for credits" },
    { command: { ...giving(), amount: credits(7) }, snapshot: afterGiving(), says: "a refusal for the key" },
    { command: giving(), snapshot: afterGiving(), says: "a retry" },
  ])("$says writes nothing", ({ command, snapshot }) => {
    expect(decideOne(command, snapshot).changes).toEqual(nothing);
  });
});

describe("what was done before", () => {
  test("is found under the account and the key", () => {
    expect(decideOne(giving(), afterGiving()).result).toMatchObject({
      ok: true,
      value: { replayed: true, transaction: { id: "txn-for-user:ann" } },
    });
  });

  test("under the same key of another account is none of this account's business", () => {
    expect(decideOne(giving(bob), afterGiving(ann)).result).toMatchObject({
      ok: true,
      value: { replayed: false, transaction: { accountId: bob } },
    });
  });

  test("under another key of the same account is none of this key's business", () => {
    expect(decideOne(spending, afterGiving()).result).toMatchObject({ value: { replayed: false } });
  });
});
