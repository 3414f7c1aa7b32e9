import { type AccountId, type IdempotencyKey, idempotencyKey, type Outcome, type TransactionId } from "@jifen/core";
import { hasExpired } from "./account.ts";
import { type Balance, createBalanceReader } from "./balance-reader.ts";
import type { CommandOutcome, CommandResult } from "./batch-state.ts";
import type { Command, CommandRefusal } from "./commands/decide.ts";
import { createGroupCommit, type GroupCommitDeps } from "./group-commit.ts";
import {
  createExpirationProcessor,
  type ProcessExpirations,
  type ProcessedExpirations,
} from "./process-expirations.ts";

type CommandOf<Kind extends Command["kind"]> = Extract<Command, { kind: Kind }>;

/** A command as its caller knows it: the ledger gives it an id, and a key when it came without one. */
export type CommandInput<Kind extends Command["kind"]> = Omit<
  CommandOf<Kind>,
  "kind" | "transactionId" | "idempotencyKey"
> & {
  readonly idempotencyKey?: IdempotencyKey | undefined;
};

/** Runs commands of one kind. */
type Run<Kind extends Command["kind"]> = (
  asked: CommandInput<Kind>,
) => Promise<Outcome<CommandResult, CommandRefusal<Kind>>>;

/** The way to every credit. Commands reject with Overloaded, DatabaseUnavailable or OutcomeUnknown. */
export type Ledger = {
  /** Spends credits, once per key. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  readonly consume: Run<"consume">;
  /** Gives credits, once per key; opens the account when it is the first. Refuses: IDEMPOTENCY_KEY_REUSED, EXPIRY_PASSED, BALANCE_LIMIT. */
  readonly grant: Run<"grant">;
  /** Takes credits away. Refuses: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  readonly revoke: Run<"revoke">;
  /** Sets credits aside for a job. Refuses: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  readonly hold: Run<"hold">;
  /** Gives the job more time. Refuses: IDEMPOTENCY_KEY_REUSED, HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED. */
  readonly extend: Run<"extend">;
  /** Charges part or all of a hold and frees the rest. Refuses as `extend`, then CAPTURE_EXCEEDS_HOLD. */
  readonly capture: Run<"capture">;
  /** Frees all of a hold. Refuses as `extend`. */
  readonly release: Run<"release">;
  /** Gives back part or all of a charge. Refuses: IDEMPOTENCY_KEY_REUSED, TRANSACTION_NOT_FOUND, NOT_REFUNDABLE, REFUND_EXCEEDS_CHARGE, BALANCE_LIMIT. */
  readonly refund: Run<"refund">;
  /** What can be spent now, what is set aside and what expires next; zero for an account that was never opened. */
  balance(accountId: AccountId): Promise<Balance>;
  /** Books what is due on these accounts. @returns how they are then. */
  readonly processExpirations: ProcessExpirations;
  /**
   * Books what is due on up to `limit` accounts, but for those whose books are known to be in disorder. Several
   * processes may do so at once.
   */
  sweep(limit: number, inDisorder?: ReadonlySet<AccountId>): Promise<SweepResult>;
};

/** How many accounts were due, which of them could not be settled, and whether more may be due. */
export type SweepResult = { readonly due: number; readonly isMore: boolean } & Pick<ProcessedExpirations, "failures">;

/** What the ledger is built from: a database, a source of unique, time-ordered ids, and a way to wait. */
export type LedgerDeps = GroupCommitDeps & { readonly newTransactionId: () => TransactionId };

/** Builds the ledger on a store. */
export function createLedger(deps: LedgerDeps): Ledger {
  const { store, newTransactionId } = deps;
  const groupCommit = createGroupCommit(deps);

  const runner =
    <Kind extends Command["kind"]>(kind: Kind): Run<Kind> =>
    (asked) => {
      const id = newTransactionId();
      const key = asked.idempotencyKey ?? idempotencyKey.ofTransaction(id);
      const command = { ...asked, kind, transactionId: id, idempotencyKey: key } as unknown as Command;
      return groupCommit.run(command) as Promise<CommandOutcome & Outcome<CommandResult, CommandRefusal<Kind>>>;
    };
  const processExpirations = createExpirationProcessor(deps);

  return {
    consume: runner("consume"),
    grant: runner("grant"),
    revoke: runner("revoke"),
    hold: runner("hold"),
    extend: runner("extend"),
    capture: runner("capture"),
    release: runner("release"),
    refund: runner("refund"),
    balance: createBalanceReader(store, processExpirations),
    processExpirations,
    sweep: async (limit, inDisorder = new Set()) => {
      const found = await store.findExpiredAccounts(limit + inDisorder.size);
      const due = found.filter((id) => !inDisorder.has(id)).slice(0, limit);
      if (due.length === 0) return { due: 0, isMore: false, failures: new Map() };
      const { accounts, nowMs, failures } = await processExpirations(due);
      const isMore = due.length === limit || [...accounts.values()].some(({ account }) => hasExpired(account, nowMs));
      return { due: due.length, isMore, failures };
    },
  };
}
