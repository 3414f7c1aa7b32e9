import { type AccountId, idempotencyKey, type TransactionId } from "@jifen/core";
import type { AccountState } from "./account.ts";
import { BatchState, type CommandOutcome } from "./batch-state.ts";
import type { Command } from "./commands/decide.ts";
import type { Decision, ReadSet, Snapshot } from "./store.ts";

/**
 * The rows that deciding these commands takes.
 * @param attempt a key that a command got with its id, because it came without one, can only have been used by an
 * attempt before this one.
 */
export const readSetOf = (commands: readonly Command[], attempt: "first" | "later" = "later"): ReadSet => ({
  accountIds: commands.map(({ accountId }) => accountId),
  keys:
    attempt === "later"
      ? commands
      : commands.filter((command) => idempotencyKey.idIn(command.idempotencyKey) === undefined),
  holds: commands.filter((command) => "by" in command),
  charges: commands.filter((command) => command.kind === "refund"),
});

/**
 * Decides commands in turn, each on what those before it left behind; a refused one refuses alone, and of
 * two with one key the second is a retry of the first.
 * @returns one bulk write for all of them, and their answers in order.
 */
export function decideBatch(commands: readonly Command[], snapshot: Snapshot): Decision<readonly CommandOutcome[]> {
  const book = new BatchState(snapshot);
  const result = commands.map((command) => book.run(command));
  const isVerifiedByWrite = result.every((answer) => answer.ok && !answer.value.replayed);
  return { writeSet: book.writeSet(), result, after: book.accounts, isVerifiedByWrite };
}

/** Decides one command on a snapshot of its rows. */
export function decideOne(command: Command, snapshot: Snapshot): Decision<CommandOutcome> {
  const { result, ...decision } = decideBatch([command], snapshot);
  return { ...decision, result: result[0] as CommandOutcome };
}

/** An account to settle, and the id that the lines of that are made from. */
export type ExpirationTarget = { readonly accountId: AccountId; readonly transactionId: TransactionId };

/** The rows that settling accounts takes. */
export const readSetOfExpirations = (all: readonly ExpirationTarget[]): ReadSet => ({
  accountIds: all.map(({ accountId }) => accountId),
  keys: [],
  holds: [],
  charges: [],
});

/** Books what is due on each account. @returns how they are then. */
export function decideExpirations(
  all: readonly ExpirationTarget[],
  snapshot: Snapshot,
): Decision<{ readonly nowMs: number; readonly accounts: ReadonlyMap<AccountId, AccountState> }> {
  const book = new BatchState(snapshot);
  const accounts = new Map(
    all.map(({ accountId, transactionId }) => [accountId, book.applyExpirations(accountId, transactionId)]),
  );
  const result = { nowMs: snapshot.nowMs, accounts };
  return { writeSet: book.writeSet(), result, after: book.accounts, isVerifiedByWrite: false };
}
