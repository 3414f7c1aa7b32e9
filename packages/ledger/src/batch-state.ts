import { type AccountId, type Outcome, ok, type TransactionId } from "@jifen/core";
import { type AccountState, assertAccountAgrees, emptyAccount } from "./account.ts";
import { type Command, type CommandRefusal, decide } from "./commands/decide.ts";
import type { Charge } from "./commands/refund.ts";
import type { Entry } from "./entry.ts";
import { applyExpirations } from "./expirations.ts";
import type { ExtraChange, ExtraRow, ExtraWrites } from "./extra-writes.ts";
import type { Hold } from "./hold.ts";
import type { Posted } from "./posting.ts";
import type { AccountCharge, AccountKey, Snapshot, WriteSet } from "./store.ts";

/** A done command: its entry, whether this was a retry of one already done, and the hold that it was about. */
export type CommandResult = { readonly entry: Entry; readonly replayed: boolean; readonly hold: Hold | undefined };

/** What became of a command. */
export type CommandOutcome = Outcome<CommandResult, CommandRefusal>;

/** Neither an account id nor a key has a line break in it. */
const nameOf = ({ accountId, idempotencyKey }: AccountKey) => `${accountId}\n${idempotencyKey}`;

/** The rows of a batch while it is decided: what the snapshot showed, and what has become of it since. */
export class BatchState {
  readonly #nowMs: number;
  readonly #shown: Snapshot["accounts"];
  readonly #states: Map<AccountId, AccountState>;
  readonly #done: Map<string, Entry>;
  readonly #charges: Map<TransactionId, Charge>;
  readonly #entries: Entry[] = [];
  readonly #extraRows: ExtraRow[] = [];
  readonly #extraChanges: ExtraChange[] = [];

  /** @throws InvariantError when an account that was shown disagrees with its grants. */
  constructor(snapshot: Snapshot) {
    for (const state of snapshot.accounts.values()) assertAccountAgrees(state);
    this.#nowMs = snapshot.nowMs;
    this.#shown = snapshot.accounts;
    this.#states = new Map(snapshot.accounts);
    this.#done = new Map(snapshot.executed.map((entry) => [nameOf(entry), entry]));
    this.#charges = new Map(snapshot.charges.map((charge) => [charge.entry.id, charge]));
  }

  /** Books what is due on the account, then decides the command. A refused one leaves nothing but what was due. */
  run(command: Command): CommandOutcome {
    const due = this.applyExpirations(command.accountId, command.transactionId);
    const executed = this.#done.get(nameOf(command));
    const charge = command.kind === "refund" ? this.#chargeOf(command) : undefined;
    const outcome = decide(command, { state: due, entries: [] }, { nowMs: this.#nowMs, executed, charge });
    if (!outcome.ok) return outcome;
    const { entry, posted } = outcome.value;
    if (posted) {
      this.#keep(posted);
      if (command.extra) this.#addExtraWrites(command.extra(entry));
    }
    return ok({ entry, replayed: posted === undefined, hold: this.#holdOf(entry) });
  }

  /** Books what is due on an account; lines of its own get their ids from `transactionId`. */
  applyExpirations(accountId: AccountId, transactionId: TransactionId): AccountState {
    const state = this.#states.get(accountId) ?? emptyAccount(accountId);
    const posted = applyExpirations(state, { nowMs: this.#nowMs, transactionId });
    if (posted.state !== state) this.#keep(posted);
    return posted.state;
  }

  /** What another command of the batch named is none of this account's business unless it is its own. */
  #chargeOf({ accountId, chargeId }: AccountCharge): Charge | undefined {
    const charge = this.#charges.get(chargeId);
    return charge?.entry.accountId === accountId ? charge : undefined;
  }

  #holdOf({ accountId, referenceId }: Entry): Hold | undefined {
    return referenceId === null ? undefined : this.#states.get(accountId)?.holds.find(({ id }) => id === referenceId);
  }

  #keep({ state, entries }: Posted): void {
    this.#states.set(state.account.id, state);
    for (const line of entries) {
      this.#entries.push(line);
      this.#done.set(nameOf(line), line);
      const charge = line.kind === "refund" && this.#charges.get(line.referenceId as TransactionId);
      if (charge) this.#charges.set(charge.entry.id, { ...charge, refunds: [...charge.refunds, line] });
    }
  }

  #addExtraWrites({ rows = [], changes = [] }: ExtraWrites): void {
    this.#extraRows.push(...rows);
    this.#extraChanges.push(...changes);
  }

  /** The accounts as they are by now. */
  get accounts(): ReadonlyMap<AccountId, AccountState> {
    return this.#states;
  }

  /** One bulk write for everything that happened. */
  writeSet(): WriteSet {
    const changed = [...this.#states.values()].flatMap((now) => {
      const shown = this.#shown.get(now.account.id);
      return now === shown ? [] : [{ now, shown }];
    });
    const rows = changed.map(({ now, shown }) => ({
      account: now.account,
      isNew: shown === undefined,
      grants: changedSince(now.grants, shown?.grants),
      holds: changedSince(now.holds, shown?.holds),
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

/** What is new, and what is no longer as it was shown. */
function changedSince<Row extends { readonly id: string }>(now: readonly Row[], shown: readonly Row[] = []) {
  const before = new Map(shown.map((row) => [row.id, row]));
  return {
    added: now.filter((row) => !before.has(row.id)),
    changed: now.filter((row) => before.has(row.id) && before.get(row.id) !== row),
  };
}
