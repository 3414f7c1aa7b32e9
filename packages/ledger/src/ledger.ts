import { emptyAccount } from "./account.ts";
import type { Consume } from "./commands/consume.ts";
import { type Command, type CommandRefusal, decide } from "./commands/decide.ts";
import type { GrantCredits } from "./commands/grant.ts";
import { type Credits, credits } from "./credits.ts";
import { type AccountId, type IdempotencyKey, idempotencyKey, type TransactionId } from "./ids.ts";
import { type Outcome, ok, refuse } from "./outcome.ts";
import type { Changes, Decision, LedgerStore, Snapshot } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** A done command: its transaction, and whether this was a retry of one already done. */
export type Done = { readonly transaction: Transaction; readonly replayed: boolean };

/** A command as its caller knows it: the ledger gives it an id, and a key when it came without one. */
type Asked<Of extends Command> = Omit<Of, "kind" | "transactionId" | "idempotencyKey"> & {
  readonly idempotencyKey?: IdempotencyKey | undefined;
};

/** The way to every credit. */
export type Ledger = {
  /** Spends credits, once per key. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  consume(asked: Asked<Consume>): Promise<Outcome<Done, CommandRefusal<"consume">>>;
  /** Gives credits, once per key; opens the account when it is the first. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, BALANCE_LIMIT. */
  grant(asked: Asked<GrantCredits>): Promise<Outcome<Done, CommandRefusal<"grant">>>;
  /** What can be spent now and what is set aside; zero for an account that was never opened. */
  balance(accountId: AccountId): Promise<{ readonly balance: Credits; readonly held: Credits }>;
};

/** What the ledger is built from: a database and a source of unique, time-ordered ids. */
export type LedgerDeps = { readonly store: LedgerStore; readonly newTransactionId: () => TransactionId };

const nothing: Changes = {
  accountsOpened: [],
  accountsChanged: [],
  grantsAdded: [],
  grantsChanged: [],
  transactions: [],
};

/**
 * Decides one command on a snapshot of its rows.
 * @returns what to write (nothing for a refusal or a replay) and the answer.
 */
export function decideOne(command: Command, snapshot: Snapshot): Decision<Outcome<Done, CommandRefusal>> {
  const known = snapshot.accounts.get(command.accountId);
  const outcome = decide(command, known ?? emptyAccount(command.accountId), {
    nowMs: snapshot.nowMs,
    earlier: snapshot.earlier.find(
      (transaction) =>
        transaction.accountId === command.accountId && transaction.idempotencyKey === command.idempotencyKey,
    ),
  });
  if (!outcome.ok) return { changes: nothing, result: refuse(outcome.refusal) };
  const { transaction, replayed } = outcome.value;
  if (outcome.value.replayed) return { changes: nothing, result: ok({ transaction, replayed }) };
  const { account, grantsAdded, grantsChanged } = outcome.value.step;
  return {
    changes: {
      accountsOpened: known ? [] : [account],
      accountsChanged: known ? [account] : [],
      grantsAdded,
      grantsChanged,
      transactions: [transaction],
    },
    result: ok({ transaction, replayed }),
  };
}

/** Builds the ledger on a store. */
export function createLedger({ store, newTransactionId }: LedgerDeps): Ledger {
  const run = <Kind extends Command["kind"]>(command: Command & { kind: Kind }) =>
    store.commit({ accountIds: [command.accountId], keys: [command] }, (snapshot) =>
      decideOne(command, snapshot),
    ) as Promise<Outcome<Done, CommandRefusal<Kind>>>;

  const framed = (key: IdempotencyKey | undefined) => {
    const transactionId = newTransactionId();
    return { transactionId, idempotencyKey: key ?? idempotencyKey.ofTransaction(transactionId) };
  };

  return {
    consume: (asked) => run({ kind: "consume", ...asked, ...framed(asked.idempotencyKey) }),
    grant: (asked) => run({ kind: "grant", ...asked, ...framed(asked.idempotencyKey) }),
    balance: async (accountId) => (await store.readBalance(accountId)) ?? { balance: credits(0), held: credits(0) },
  };
}
