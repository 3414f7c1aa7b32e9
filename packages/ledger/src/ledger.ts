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
import { perShard, storedShardOf } from "./shards.ts";

type CommandOf<Kind extends Command["kind"]> = Extract<Command, { kind: Kind }>;

/** A command without the fields that the ledger adds: its transaction id, and a key if the caller sent none. */
export type CommandInput<Kind extends Command["kind"]> = Omit<
  CommandOf<Kind>,
  "kind" | "transactionId" | "idempotencyKey"
> & {
  readonly idempotencyKey?: IdempotencyKey | undefined;
};

/** Runs commands of one kind. */
type Run<Kind extends Command["kind"]> = (
  input: CommandInput<Kind>,
) => Promise<Outcome<CommandResult, CommandRefusal<Kind>>>;

/** All commands and reads of the ledger. Commands reject with Overloaded, DatabaseUnavailable, OutcomeUnknown or ExtraWriteConflict. */
export type Ledger = {
  /** Spends credits. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  readonly consume: Run<"consume">;
  /** Grants credits; the first grant opens the account. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, EXPIRY_PASSED, BALANCE_LIMIT. */
  readonly grant: Run<"grant">;
  /** Takes spendable credits back, of all grants or of one. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, GRANT_SPENT, INSUFFICIENT_CREDITS. */
  readonly revoke: Run<"revoke">;
  /** Places a hold. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, INSUFFICIENT_CREDITS. */
  readonly hold: Run<"hold">;
  /** Extends a hold. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED. */
  readonly extend: Run<"extend">;
  /** Charges part or all of a hold and releases the rest. Refuses as `extend`, then CAPTURE_EXCEEDS_HOLD. */
  readonly capture: Run<"capture">;
  /** Releases all of a hold. Refuses as `extend`. */
  readonly release: Run<"release">;
  /** Refunds part or all of a charge. Refuses, in this order: IDEMPOTENCY_KEY_REUSED, TRANSACTION_NOT_FOUND, NOT_REFUNDABLE, REFUND_EXCEEDS_CHARGE, BALANCE_LIMIT. */
  readonly refund: Run<"refund">;
  /** The spendable and held credits and the next expiry; zero for an account that does not exist. */
  balance(accountId: AccountId): Promise<Balance>;
  /** Processes the expirations of these accounts. @returns the accounts afterwards. */
  readonly processExpirations: ProcessExpirations;
  /**
   * Processes the expirations of up to `limit` accounts, without those in `inDisorder`, whose rows are known to be
   * inconsistent. Several processes can sweep concurrently.
   */
  sweep(limit: number, inDisorder?: ReadonlySet<AccountId>): Promise<SweepResult>;
};

/** How many accounts had expirations, the accounts that failed, and whether there may be more. */
export type SweepResult = { readonly due: number; readonly isMore: boolean } & Pick<ProcessedExpirations, "failures">;

/** The dependencies of the ledger: a store, a source of unique, time-ordered ids, and a timer. */
export type LedgerDeps = GroupCommitDeps & { readonly newTransactionId: () => TransactionId };

/** Creates the ledger on a store. */
export function createLedger(deps: LedgerDeps): Ledger {
  const { store, newTransactionId } = deps;
  const groupCommit = createGroupCommit(deps);

  const runner =
    <Kind extends Command["kind"]>(kind: Kind): Run<Kind> =>
    (input) => {
      const id = newTransactionId();
      const key = input.idempotencyKey ?? idempotencyKey.ofTransaction(id);
      const command = { ...input, kind, transactionId: id, idempotencyKey: key } as unknown as Command;
      return groupCommit.run(command) as Promise<CommandOutcome & Outcome<CommandResult, CommandRefusal<Kind>>>;
    };
  const processExpirations = createExpirationProcessor(deps);
  const readerOf = perShard(storedShardOf(deps.shards), () => createBalanceReader(store, processExpirations));

  return {
    consume: runner("consume"),
    grant: runner("grant"),
    revoke: runner("revoke"),
    hold: runner("hold"),
    extend: runner("extend"),
    capture: runner("capture"),
    release: runner("release"),
    refund: runner("refund"),
    balance: (accountId) => {
      const reader = readerOf(accountId);
      return typeof reader === "function" ? reader(accountId) : reader.then((read) => read(accountId));
    },
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
