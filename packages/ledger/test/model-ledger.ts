import { ModelAccount, type ModelEntry, type ModelOutcome, type ModelRequest } from "@jifen/testkit/ledger-model";
import type { Command } from "../src/commands/decide.ts";

/** A command as the model's request: what the caller sent, without the ids that each attempt creates. */
function toModelRequest(command: Command): ModelRequest {
  switch (command.kind) {
    case "grant": {
      const { kind, amount, priority, expiresAtMs, reason } = command;
      return { kind, amount, priority, expiresAtMs, action: reason };
    }
    case "consume":
      return { kind: command.kind, amount: command.amount, action: command.action };
    case "revoke": {
      const { kind, amount, reason, grantId, atMost } = command;
      return { kind, amount, action: reason, bucket: grantId, atMost };
    }
    case "hold": {
      const { kind, amount, action, placedBy, ttlSeconds } = command;
      return { kind, amount, action, by: placedBy, ttlSeconds };
    }
    case "extend":
      return { kind: command.kind, hold: command.holdId, by: command.by, ttlSeconds: command.ttlSeconds };
    case "capture": {
      const { kind, holdId, by, amount, metadata } = command;
      return { kind, hold: holdId, by, amount, metadata };
    }
    case "release":
      return { kind: command.kind, hold: command.holdId, by: command.by };
    case "refund":
      return { kind: command.kind, charge: command.chargeId, amount: command.amount };
    default:
      return command satisfies never;
  }
}

const newId = (command: Command): string | null => {
  if (command.kind === "grant") return command.grantId;
  if (command.kind === "hold") return command.holdId;
  return "holdId" in command ? command.holdId : null;
};

/** The models of all accounts, and the entries that the journal must contain, in order. */
export class ModelLedger {
  readonly accounts = new Map<string, ModelAccount>();
  readonly entries: { readonly account: string; readonly sequence: number; readonly entry: ModelEntry }[] = [];

  account(name: string): ModelAccount {
    const account = this.accounts.get(name) ?? new ModelAccount(name);
    this.accounts.set(name, account);
    return account;
  }

  /**
   * Processes the account's expirations.
   * @param journal the entries that the ledger wrote: their ids, and the order of holds with equal expiry.
   */
  processExpirations(name: string, nowMs: number, journal: readonly WrittenEntry[]): void {
    const following = journal.slice(this.entries.length).map(({ referenceId }) => referenceId ?? "");
    this.#add(name, this.account(name).processExpirations(nowMs, following), journal);
  }

  /** The outcome that a command must have; its entries are added. */
  execute(command: Command, nowMs: number, journal: readonly WrittenEntry[]): ModelOutcome {
    const { accountId, idempotencyKey, transactionId } = command;
    this.processExpirations(accountId, nowMs, journal);
    const account = this.account(accountId);
    const clock = { nowMs, clockOffsetMs: 0 };
    const request = toModelRequest(command);
    const outcome = account.decide(idempotencyKey, request, clock);
    if (outcome.is === "new") {
      const execution = { ...clock, entryId: transactionId, subject: newId(command) };
      this.#add(accountId, account.execute(idempotencyKey, request, execution), journal);
    }
    return outcome;
  }

  #add(account: string, entries: readonly ModelEntry[], journal: readonly WrittenEntry[]): void {
    const first = this.account(account).sequence - entries.length;
    for (const [at, entry] of entries.entries()) {
      const written = journal[this.entries.length];
      if (written) this.account(account).recordEntryId(written.id, entry);
      this.entries.push({ account, sequence: first + at + 1, entry });
    }
  }
}

/** The fields of a written entry that the model needs. */
type WrittenEntry = { readonly id: string; readonly referenceId: string | null };
