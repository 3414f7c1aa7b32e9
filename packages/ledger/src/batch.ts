import { type AccountId, idempotencyKey, type TransactionId } from "@jifen/core";
import type { AccountState } from "./account.ts";
import { BatchState, type CommandOutcome } from "./batch-state.ts";
import type { Command } from "./commands/decide.ts";
import type { AccountKey, Decision, ReadSet, Snapshot } from "./store.ts";

/** The keys of the commands, and those that an earlier version gave them. */
function keysOf(commands: readonly Command[], isRead: (key: AccountKey) => boolean): readonly AccountKey[] {
  const keys: AccountKey[] = commands.filter(isRead);
  for (const { accountId, formerKey } of commands) {
    if (formerKey !== undefined) keys.push({ accountId, idempotencyKey: formerKey.idempotencyKey });
  }
  return keys;
}

/**
 * The read set of a batch.
 * @param attempt A key that was derived from the transaction id can exist only if an earlier attempt wrote it, so the
 * first attempt does not look it up.
 */
export const readSetOf = (commands: readonly Command[], attempt: "first" | "later" = "later"): ReadSet => ({
  accountIds: commands.map(({ accountId }) => accountId),
  keys: keysOf(commands, ({ idempotencyKey: key }) => attempt === "later" || idempotencyKey.idIn(key) === undefined),
  holds: commands.filter((command) => "by" in command),
  charges: commands.filter((command) => command.kind === "refund"),
});

/**
 * Decides commands in order, each on the state that the commands before it left. A refusal concerns its own command
 * only. Of two commands with one key the second is a replay of the first.
 * @returns one write set for all commands, and their outcomes in order.
 */
export function decideBatch(commands: readonly Command[], snapshot: Snapshot): Decision<readonly CommandOutcome[]> {
  const state = new BatchState(snapshot);
  const result = commands.map((command) => state.run(command));
  return { writeSet: state.writeSet(), result };
}

/** Decides one command on a snapshot. */
export function decideOne(command: Command, snapshot: Snapshot): Decision<CommandOutcome> {
  const { result, ...decision } = decideBatch([command], snapshot);
  return { ...decision, result: result[0] as CommandOutcome };
}

/** An account whose expirations are processed, and the id that the ids of their entries are derived from. */
export type ExpirationTarget = { readonly accountId: AccountId; readonly transactionId: TransactionId };

/** The read set for processing expirations. */
export const readSetOfExpirations = (targets: readonly ExpirationTarget[]): ReadSet => ({
  accountIds: targets.map(({ accountId }) => accountId),
  keys: [],
  holds: [],
  charges: [],
});

/** Processes the expirations of each account. @returns the accounts afterwards. */
export function decideExpirations(
  targets: readonly ExpirationTarget[],
  snapshot: Snapshot,
): Decision<{ readonly nowMs: number; readonly accounts: ReadonlyMap<AccountId, AccountState> }> {
  const state = new BatchState(snapshot);
  const accounts = new Map(
    targets.map(({ accountId, transactionId }) => [accountId, state.applyExpirations(accountId, transactionId)]),
  );
  const result = { nowMs: snapshot.nowMs, accounts };
  return { writeSet: state.writeSet(), result };
}
