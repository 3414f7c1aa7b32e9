import { type AccountId, invariant, type Outcome, ok, type TransactionId } from "@jifen/core";
import { type AccountState, assertAccountAgrees, emptyAccount, hasExpired } from "./account.ts";
import { type Command, type CommandRefusal, decide } from "./commands/decide.ts";
import type { Charge } from "./commands/refund.ts";
import type { Entry } from "./entry.ts";
import { applyExpirations } from "./expirations.ts";
import type { ExtraChange, ExtraRow, ExtraWrites } from "./extra-writes.ts";
import type { Hold } from "./hold.ts";
import type { Posted } from "./posting.ts";
import type { AccountCharge, AccountKey, Snapshot, WriteSet } from "./store.ts";

/** A successful command: its entry, whether it is a replay, and the hold that it refers to. */
export type CommandResult = { readonly entry: Entry; readonly replayed: boolean; readonly hold: Hold | undefined };

/**
 * The result or the refusal of a command. `isEarly`: the account has more expired holds than one transaction processes, and
 * lacked credits before all of them were released. The command has to be decided again.
 */
export type CommandOutcome = Outcome<CommandResult, CommandRefusal> & { readonly isEarly?: boolean };

/** A map key. Neither account ids nor idempotency keys contain line breaks. */
const toMapKey = ({ accountId, idempotencyKey }: AccountKey) => `${accountId}\n${idempotencyKey}`;

/** The rows of a batch while it is decided: the snapshot, and the changes by the commands so far. */
export class BatchState {
  readonly #nowMs: number;
  readonly #snapshotAccounts: Snapshot["accounts"];
  readonly #states: Map<AccountId, AccountState>;
  readonly #executed: Map<string, Entry>;
  readonly #charges: Map<TransactionId, Charge>;
  readonly #entries: Entry[] = [];
  readonly #extraRows: ExtraRow[] = [];
  readonly #extraChanges: ExtraChange[] = [];

  /** @throws InvariantError when an account of the snapshot disagrees with its grants. */
  constructor(snapshot: Snapshot) {
    for (const state of snapshot.accounts.values()) assertAccountAgrees(state);
    this.#nowMs = snapshot.nowMs;
    this.#snapshotAccounts = snapshot.accounts;
    this.#states = new Map(snapshot.accounts);
    this.#executed = new Map(snapshot.executed.map((entry) => [toMapKey(entry), entry]));
    this.#charges = new Map(snapshot.charges.map((charge) => [charge.entry.id, charge]));
  }

  /** Processes the account's expirations, then decides the command. A refused command writes nothing but the expirations. */
  run(command: Command): CommandOutcome {
    const state = this.applyExpirations(command.accountId, command.transactionId);
    const executed = this.#executed.get(toMapKey(command));
    const { accountId, formerKey } = command;
    const formerly = formerKey && this.#executed.get(toMapKey({ accountId, ...formerKey }));
    const charge = command.kind === "refund" ? this.#chargeOf(command) : undefined;
    const outcome = decide(command, { state, entries: [] }, { nowMs: this.#nowMs, executed, formerly, charge });
    if (!outcome.ok) return this.#isEarly(outcome.refusal, state) ? { ...outcome, isEarly: true } : outcome;
    const { entry, posted } = outcome.value;
    if (posted) {
      this.#keep(posted);
      if (command.extra) this.#addExtraWrites(command.extra(entry));
    }
    return ok({ entry, replayed: posted === undefined, hold: this.#holdOf(entry) });
  }

  #isEarly({ code }: CommandRefusal, { account }: AccountState): boolean {
    return (code === "INSUFFICIENT_CREDITS" || code === "GRANT_SPENT") && hasExpired(account, this.#nowMs);
  }

  /**
   * Processes an account's expirations; their entries get ids derived from `transactionId`.
   * @throws InvariantError when the account has expired rows before and after, and none was processed: callers that process
   * the rest in a later batch would never end.
   */
  applyExpirations(accountId: AccountId, transactionId: TransactionId): AccountState {
    const state = this.#states.get(accountId) ?? emptyAccount(accountId);
    const posted = applyExpirations(state, { nowMs: this.#nowMs, transactionId });
    if (posted.state !== state) this.#keep(posted);
    const isChanged = posted.state !== this.#snapshotAccounts.get(accountId);
    invariant(
      isChanged || !hasExpired(posted.state.account, this.#nowMs),
      `account ${accountId}: its next expiry has passed, but nothing of it expires`,
    );
    return posted.state;
  }

  /** A charge of the batch's read set counts only for its own account. */
  #chargeOf({ accountId, chargeId }: AccountCharge): Charge | undefined {
    const charge = this.#charges.get(chargeId);
    return charge?.entry.accountId === accountId ? charge : undefined;
  }

  #holdOf({ accountId, referenceId }: Entry): Hold | undefined {
    return referenceId === null ? undefined : this.#states.get(accountId)?.holds.find(({ id }) => id === referenceId);
  }

  #keep({ state, entries }: Posted): void {
    this.#states.set(state.account.id, state);
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#executed.set(toMapKey(entry), entry);
      const charge = entry.kind === "refund" && this.#charges.get(entry.referenceId as TransactionId);
      if (charge) this.#charges.set(charge.entry.id, { ...charge, refunds: [...charge.refunds, entry] });
    }
  }

  #addExtraWrites({ rows = [], changes = [] }: ExtraWrites): void {
    this.#extraRows.push(...rows);
    this.#extraChanges.push(...changes);
  }

  /** The write set of all commands so far; each changed row appears once, in its final state. */
  writeSet(): WriteSet {
    const changed = [...this.#states.values()].flatMap((now) => {
      const before = this.#snapshotAccounts.get(now.account.id);
      return now === before ? [] : [{ now, before }];
    });
    const rows = changed.map(({ now, before }) => ({
      account: now.account,
      isNew: before === undefined,
      grants: changedSince(now.grants, before?.grants),
      holds: changedSince(now.holds, before?.holds),
    }));
    return {
      accountsOpened: rows.filter(({ isNew }) => isNew).map(({ account }) => account),
      accountsChanged: rows.filter(({ isNew }) => !isNew).map(({ account }) => account),
      grantsAdded: rows.flatMap(({ grants }) => grants.added),
      grantsChanged: rows.flatMap(({ grants }) => grants.changed),
      holdsAdded: rows.flatMap(({ holds }) => holds.added),
      holdsChanged: rows.flatMap(({ holds }) => holds.changed),
      entries: this.#entries,
      extraRows: this.#extraRows,
      extraChanges: this.#extraChanges,
    };
  }
}

/** The rows that were added, and the rows that were replaced. */
function changedSince<Row extends { readonly id: string }>(now: readonly Row[], snapshot: readonly Row[] = []) {
  const before = new Map(snapshot.map((row) => [row.id, row]));
  return {
    added: now.filter((row) => !before.has(row.id)),
    changed: now.filter((row) => before.has(row.id) && before.get(row.id) !== row),
  };
}
