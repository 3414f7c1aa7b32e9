import { type AccountState, emptyAccount } from "./account.ts";
import { type Command, type CommandRefusal, decide } from "./commands/decide.ts";
import type { Step } from "./commands/step.ts";
import type { Grant } from "./grant.ts";
import type { AccountId, GrantId } from "./ids.ts";
import { type Outcome, ok } from "./outcome.ts";
import type { AccountKey, Changes, Decision, Needs, Snapshot } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** A done command: its transaction, and whether this was a retry of one already done. */
export type Done = { readonly transaction: Transaction; readonly replayed: boolean };

/** What became of a command. */
export type Answer = Outcome<Done, CommandRefusal>;

/** The rows that deciding these commands takes. */
export const needsOf = (commands: readonly Command[]): Needs => ({
  accountIds: commands.map(({ accountId }) => accountId),
  keys: commands,
});

/**
 * Decides commands in turn, each on what those before it left behind; a refused one refuses alone, and of
 * two with one key the second is a retry of the first.
 * @returns one bulk write for all of them, and their answers in order.
 */
export function decideBatch(commands: readonly Command[], snapshot: Snapshot): Decision<readonly Answer[]> {
  const book = new Book(snapshot);
  const result = commands.map((command) => book.run(command));
  return { changes: book.changes(), result };
}

/** Decides one command on a snapshot of its rows. */
export function decideOne(command: Command, snapshot: Snapshot): Decision<Answer> {
  const book = new Book(snapshot);
  const result = book.run(command);
  return { changes: book.changes(), result };
}

/** Neither an account id nor a key has a line break in it. */
const nameOf = ({ accountId, idempotencyKey }: AccountKey) => `${accountId}\n${idempotencyKey}`;

/** The rows of a batch while it is decided: the snapshot, and what has changed since. */
class Book {
  readonly #nowMs: number;
  readonly #known: Snapshot["accounts"];
  readonly #states: Map<AccountId, AccountState>;
  readonly #done: Map<string, Transaction>;
  readonly #touched = new Set<AccountId>();
  readonly #grantsAdded = new Map<GrantId, Grant>();
  readonly #grantsChanged = new Map<GrantId, Grant>();
  readonly #transactions: Transaction[] = [];

  constructor(snapshot: Snapshot) {
    this.#nowMs = snapshot.nowMs;
    this.#known = snapshot.accounts;
    this.#states = new Map(snapshot.accounts);
    this.#done = new Map(snapshot.earlier.map((transaction) => [nameOf(transaction), transaction]));
  }

  run(command: Command): Answer {
    const state = this.#states.get(command.accountId) ?? emptyAccount(command.accountId);
    const outcome = decide(command, state, { nowMs: this.#nowMs, earlier: this.#done.get(nameOf(command)) });
    if (!outcome.ok) return outcome;
    const { transaction, replayed } = outcome.value;
    if (!outcome.value.replayed) this.#apply(outcome.value.step, state);
    return ok({ transaction, replayed });
  }

  #apply({ account, grantsAdded, grantsChanged, transaction }: Step, before: AccountState): void {
    const changed = new Map(grantsChanged.map((grant) => [grant.id, grant]));
    const grants = [...before.grants.map((grant) => changed.get(grant.id) ?? grant), ...grantsAdded];
    this.#states.set(account.id, { account, grants: grants.filter(({ remaining }) => remaining > 0) });
    this.#touched.add(account.id);
    for (const grant of grantsAdded) this.#grantsAdded.set(grant.id, grant);
    // A grant that this batch added is written once, as it is in the end.
    for (const grant of grantsChanged) {
      (this.#grantsAdded.has(grant.id) ? this.#grantsAdded : this.#grantsChanged).set(grant.id, grant);
    }
    this.#transactions.push(transaction);
    this.#done.set(nameOf(transaction), transaction);
  }

  changes(): Changes {
    const accounts = [...this.#touched].flatMap((id) => this.#states.get(id)?.account ?? []);
    return {
      accountsOpened: accounts.filter(({ id }) => !this.#known.has(id)),
      accountsChanged: accounts.filter(({ id }) => this.#known.has(id)),
      grantsAdded: [...this.#grantsAdded.values()],
      grantsChanged: [...this.#grantsChanged.values()],
      transactions: this.#transactions,
    };
  }
}
