import { type AccountId, type Outcome, ok, type TransactionId } from "@jifen/core";
import { type AccountState, assertAccountAgrees, emptyAccount } from "./account.ts";
import { type Command, type CommandRefusal, decide } from "./commands/decide.ts";
import type { Charge } from "./commands/refund.ts";
import type { Transaction } from "./entry.ts";
import { bookDue } from "./expirations.ts";
import type { Hold } from "./hold.ts";
import type { Posted } from "./posting.ts";
import type { AccountCharge, AccountKey, Changes, Snapshot } from "./store.ts";

/** A done command: its transaction, whether this was a retry of one already done, and the hold that it was about. */
export type Done = { readonly transaction: Transaction; readonly replayed: boolean; readonly hold: Hold | undefined };

/** What became of a command. */
export type Answer = Outcome<Done, CommandRefusal>;

/** Neither an account id nor a key has a line break in it. */
const nameOf = ({ accountId, idempotencyKey }: AccountKey) => `${accountId}\n${idempotencyKey}`;

/** The rows of a batch while it is decided: what the snapshot showed, and what has become of it since. */
export class Book {
  readonly #nowMs: number;
  readonly #shown: Snapshot["accounts"];
  readonly #states: Map<AccountId, AccountState>;
  readonly #done: Map<string, Transaction>;
  readonly #charges: Map<TransactionId, Charge>;
  readonly #lines: Transaction[] = [];

  /** @throws InvariantError when an account that was shown disagrees with its grants. */
  constructor(snapshot: Snapshot) {
    for (const state of snapshot.accounts.values()) assertAccountAgrees(state);
    this.#nowMs = snapshot.nowMs;
    this.#shown = snapshot.accounts;
    this.#states = new Map(snapshot.accounts);
    this.#done = new Map(snapshot.earlier.map((transaction) => [nameOf(transaction), transaction]));
    this.#charges = new Map(snapshot.charges.map((charge) => [charge.transaction.id, charge]));
  }

  /** Books what is due on the account, then decides the command. A refused one leaves nothing but what was due. */
  run(command: Command): Answer {
    const due = this.settle(command.accountId, command.transactionId);
    const earlier = this.#done.get(nameOf(command));
    const charge = command.kind === "refund" ? this.#chargeOf(command) : undefined;
    const outcome = decide(command, { state: due, lines: [] }, { nowMs: this.#nowMs, earlier, charge });
    if (!outcome.ok) return outcome;
    const { transaction, posted } = outcome.value;
    if (posted) this.#keep(posted);
    return ok({ transaction, replayed: posted === undefined, hold: this.#holdOf(transaction) });
  }

  /** Books what is due on an account; lines of its own get their ids from `transactionId`. */
  settle(accountId: AccountId, transactionId: TransactionId): AccountState {
    const state = this.#states.get(accountId) ?? emptyAccount(accountId);
    const posted = bookDue(state, { nowMs: this.#nowMs, transactionId });
    if (posted.state !== state) this.#keep(posted);
    return posted.state;
  }

  /** What another command of the batch named is none of this account's business unless it is its own. */
  #chargeOf({ accountId, chargeId }: AccountCharge): Charge | undefined {
    const charge = this.#charges.get(chargeId);
    return charge?.transaction.accountId === accountId ? charge : undefined;
  }

  #holdOf({ accountId, subjectId }: Transaction): Hold | undefined {
    return subjectId === null ? undefined : this.#states.get(accountId)?.holds.find(({ id }) => id === subjectId);
  }

  #keep({ state, lines }: Posted): void {
    this.#states.set(state.account.id, state);
    for (const line of lines) {
      this.#lines.push(line);
      this.#done.set(nameOf(line), line);
      const charge = line.kind === "refund" && this.#charges.get(line.subjectId as TransactionId);
      if (charge) this.#charges.set(charge.transaction.id, { ...charge, refunds: [...charge.refunds, line] });
    }
  }

  /** The accounts as they are by now. */
  get accounts(): ReadonlyMap<AccountId, AccountState> {
    return this.#states;
  }

  /** One bulk write for everything that happened. */
  changes(): Changes {
    const changed = [...this.#states.values()].flatMap((now) => {
      const shown = this.#shown.get(now.account.id);
      return now === shown ? [] : [{ now, shown }];
    });
    const rows = changed.map(({ now, shown }) => ({
      account: now.account,
      isNew: shown === undefined,
      grants: sinceShown(now.grants, shown?.grants),
      holds: sinceShown(now.holds, shown?.holds),
    }));
    return {
      accountsOpened: rows.filter(({ isNew }) => isNew).map(({ account }) => account),
      accountsChanged: rows.filter(({ isNew }) => !isNew).map(({ account }) => account),
      grantsAdded: rows.flatMap(({ grants }) => grants.added),
      grantsChanged: rows.flatMap(({ grants }) => grants.changed),
      holdsAdded: rows.flatMap(({ holds }) => holds.added),
      holdsChanged: rows.flatMap(({ holds }) => holds.changed),
      transactions: this.#lines,
    };
  }
}

/** What is new, and what is no longer as it was shown. */
function sinceShown<Row extends { readonly id: string }>(now: readonly Row[], shown: readonly Row[] = []) {
  const before = new Map(shown.map((row) => [row.id, row]));
  return {
    added: now.filter((row) => !before.has(row.id)),
    changed: now.filter((row) => before.has(row.id) && before.get(row.id) !== row),
  };
}
