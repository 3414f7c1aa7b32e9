import { type Balance, createBalanceReader } from "./balance-reader.ts";
import type { Answer, Done } from "./batch.ts";
import type { Consume } from "./commands/consume.ts";
import type { Command, CommandRefusal } from "./commands/decide.ts";
import type { GrantCredits } from "./commands/grant.ts";
import { createGroupCommit, type GroupCommitDeps } from "./group-commit.ts";
import { type AccountId, type IdempotencyKey, idempotencyKey, type TransactionId } from "./ids.ts";
import type { Outcome } from "./outcome.ts";

/** A command as its caller knows it: the ledger gives it an id, and a key when it came without one. */
type Asked<Of extends Command> = Omit<Of, "kind" | "transactionId" | "idempotencyKey"> & {
  readonly idempotencyKey?: IdempotencyKey | undefined;
};

/** The way to every credit. Commands reject with Overloaded, DatabaseUnavailable or OutcomeUnknown. */
export type Ledger = {
  /** Spends credits, once per key. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  consume(asked: Asked<Consume>): Promise<Outcome<Done, CommandRefusal<"consume">>>;
  /** Gives credits, once per key; opens the account when it is the first. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, BALANCE_LIMIT. */
  grant(asked: Asked<GrantCredits>): Promise<Outcome<Done, CommandRefusal<"grant">>>;
  /** What can be spent now and what is set aside; zero for an account that was never opened. */
  balance(accountId: AccountId): Promise<Balance>;
};

/** What the ledger is built from: a database, a source of unique, time-ordered ids, and a way to wait. */
export type LedgerDeps = GroupCommitDeps & { readonly newTransactionId: () => TransactionId };

/** Builds the ledger on a store. */
export function createLedger(deps: LedgerDeps): Ledger {
  const commit = createGroupCommit(deps);
  const run = <Kind extends Command["kind"]>(command: Command & { kind: Kind }) =>
    commit(command) as Promise<Answer & Outcome<Done, CommandRefusal<Kind>>>;

  const framed = (key: IdempotencyKey | undefined) => {
    const transactionId = deps.newTransactionId();
    return { transactionId, idempotencyKey: key ?? idempotencyKey.ofTransaction(transactionId) };
  };

  return {
    consume: (asked) => run({ kind: "consume", ...asked, ...framed(asked.idempotencyKey) }),
    grant: (asked) => run({ kind: "grant", ...asked, ...framed(asked.idempotencyKey) }),
    balance: createBalanceReader(deps.store),
  };
}
