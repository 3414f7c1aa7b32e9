import { randomUUID } from "node:crypto";
import {
  type AccountId,
  accountId,
  type Changes,
  type Command,
  type CommandRefusal,
  type Consume,
  credits,
  DatabaseUnavailable,
  type Decision,
  type Done,
  decideOne,
  type GrantCredits,
  grantId,
  idempotencyKey,
  type LedgerStore,
  type Outcome,
  OutcomeUnknown,
  type Snapshot,
  transactionId,
} from "@jifen/ledger";

/** What became of a command. */
export type Answer = Outcome<Done, CommandRefusal>;

/** An account that no other test has. */
export const newAccount = (): AccountId => accountId(`user:${randomUUID()}@example.com`);

const frame = (account: AccountId, key: string) => ({
  accountId: account,
  idempotencyKey: idempotencyKey.ofCaller(key),
  transactionId: transactionId(`txn-${randomUUID()}`),
});

/** Gives `amount` to the account. */
export const granting = (account: AccountId, amount: number, key: string = randomUUID()): GrantCredits => ({
  ...frame(account, key),
  kind: "grant",
  grantId: grantId(`grant-${randomUUID()}`),
  amount: credits(amount),
  source: "admin",
  priority: 50,
  reason: "a test",
});

/** Spends `amount` of the account. */
export const consuming = (account: AccountId, amount: number, key: string = randomUUID()): Consume => ({
  ...frame(account, key),
  kind: "consume",
  amount: credits(amount),
  action: "video",
  metadata: null,
});

/** Has the store decide and write one command. */
export const perform = (store: LedgerStore, command: Command): Promise<Answer> =>
  store.commit({ accountIds: [command.accountId], keys: [command] }, (snapshot) => decideOne(command, snapshot));

/** What a careful client does: it asks again, under the same keys, until it knows. */
export async function untilKnown<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown)) throw error;
    }
  }
}

/** What the store shows to a decision about the account, and under its keys; nothing is written. */
export const look = (store: LedgerStore, account: AccountId, keys: readonly string[] = []): Promise<Snapshot> =>
  store.commit(
    {
      accountIds: [account],
      keys: keys.map((key) => ({ accountId: account, idempotencyKey: idempotencyKey.ofCaller(key) })),
    },
    (snapshot) => ({ changes: joined([]), result: snapshot }),
  );

/** Decides several commands on one snapshot, each of another account. */
export function decideAll(commands: readonly Command[], snapshot: Snapshot): Decision<Answer[]> {
  const decisions = commands.map((command) => decideOne(command, snapshot));
  return {
    changes: joined(decisions.map((decision) => decision.changes)),
    result: decisions.map((decision) => decision.result),
  };
}

/** Has the store decide and write several commands in one transaction, each of another account. */
export const performTogether = (store: LedgerStore, commands: readonly Command[]): Promise<Answer[]> =>
  store.commit({ accountIds: commands.map((command) => command.accountId), keys: commands }, (snapshot) =>
    decideAll(commands, snapshot),
  );

const joined = (all: readonly Changes[]): Changes => ({
  accountsOpened: all.flatMap((changes) => changes.accountsOpened),
  accountsChanged: all.flatMap((changes) => changes.accountsChanged),
  grantsAdded: all.flatMap((changes) => changes.grantsAdded),
  grantsChanged: all.flatMap((changes) => changes.grantsChanged),
  transactions: all.flatMap((changes) => changes.transactions),
});

/** What a first grant of `amount` writes. */
export const firstGrantOf = (account: AccountId, amount: number): Changes =>
  decideOne(granting(account, amount, "first"), { nowMs: Date.now(), accounts: new Map(), earlier: [] }).changes;

/** What an account has, as the store says; undefined when it was never opened. */
export const balanceOn = async (store: LedgerStore, account: AccountId) =>
  (await store.readBalances([account])).get(account);
