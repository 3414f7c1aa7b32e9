import { type AccountId, transactionId } from "@jifen/core";
import { type AccountState, earliest, hasExpired } from "../src/account.ts";
import { decideBatch, decideExpirations, decideOne, readSetOf, readSetOfExpirations } from "../src/batch.ts";
import type { CommandOutcome } from "../src/batch-state.ts";
import type { Command } from "../src/commands/decide.ts";
import type { Charge } from "../src/commands/refund.ts";
import type { Entry } from "../src/entry.ts";
import { type Grant, inSpendingOrder } from "../src/grant.ts";
import type { Hold } from "../src/hold.ts";
import {
  type AccountsRead,
  type Decision,
  EXPIRATION_BATCH,
  type LedgerStore,
  type ReadSet,
  type Snapshot,
  type WriteSet,
} from "../src/store.ts";
import { ExtraTables } from "./extra-tables.ts";

/** Whoever changes a row in place instead of writing a new one is found out. */
function frozen<Row>(row: Row): Row {
  if (typeof row === "object" && row !== null && !Object.isFrozen(row)) {
    Object.freeze(row);
    for (const value of Object.values(row)) frozen(value);
  }
  return row;
}

/** A row may only change where the port says that it may. */
function unchangedBut<Row extends { readonly id: string }>(
  before: Row | undefined,
  now: Row,
  fields: readonly (keyof Row)[],
) {
  const rest = (row: Row | undefined) =>
    JSON.stringify({ ...row, ...Object.fromEntries(fields.map((each) => [each])) });
  if (rest(before) !== rest(now))
    throw new Error(`more of ${now.id} was changed than may: ${rest(before)} ${rest(now)}`);
}

/**
 * The books as a database would keep them: it shows what the port promises and not a row more, and writes what it is
 * told. It knows no rule about money, only what is unique and what may be changed.
 */
export class Books implements LedgerStore {
  nowMs = 1_000;
  readonly accounts = new Map<AccountId, AccountState["account"]>();
  readonly grants = new Map<string, Grant>();
  readonly holds = new Map<string, Hold>();
  readonly journal: Entry[] = [];
  /** Tables outside the ledger. */
  readonly extra = new ExtraTables();
  /** What was written, in order. */
  readonly written: WriteSet[] = [];
  readonly #ids = new Set<string>();
  readonly #keys = new Set<string>();
  #settled = 0;

  /** Decides one command in a transaction of its own. */
  run(command: Command): CommandOutcome {
    return this.decide(readSetOf([command]), (snapshot) => decideOne(command, snapshot));
  }

  /** Decides commands in one transaction. */
  runTogether(commands: readonly Command[]): readonly CommandOutcome[] {
    return this.decide(readSetOf(commands), (snapshot) => decideBatch(commands, snapshot));
  }

  /** Books what is due on the account. @returns how it is then. */
  settle(accountId: AccountId): AccountState | undefined {
    this.#settled += 1;
    const all = [{ accountId, transactionId: transactionId(`txn-settled-${this.#settled}`) }];
    const result = this.decide(readSetOfExpirations(all), (snapshot) => decideExpirations(all, snapshot));
    return result.accounts.get(accountId);
  }

  decide<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Result {
    const { writeSet, result } = decide(frozen(this.show(readSet)));
    this.#write(frozen(writeSet));
    return result;
  }

  commit<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result> {
    return Promise.resolve().then(() => this.decide(readSet, decide));
  }

  readAccounts(accountIds: readonly AccountId[]): Promise<AccountsRead> {
    const accounts = accountIds.flatMap((id) => {
      const account = this.accounts.get(id);
      const grants = [...this.grants.values()].filter((grant) => grant.accountId === id && grant.remaining > 0);
      return account ? [[id, { account, grants: inSpendingOrder(grants) }] as const] : [];
    });
    return Promise.resolve({ nowMs: this.nowMs, accounts: new Map(accounts) });
  }

  findExpiredAccounts(limit: number): Promise<readonly AccountId[]> {
    const due = [...this.accounts.values()].filter((account) => hasExpired(account, this.nowMs));
    const order = due.toSorted((one, other) => (one.nextExpiryMs ?? 0) - (other.nextExpiryMs ?? 0));
    return Promise.resolve(order.slice(0, limit).map(({ id }) => id));
  }

  /** What the port promises to show. What is in no order comes in an unusual one. */
  show(readSet: ReadSet): Snapshot {
    const charges = readSet.charges.flatMap(({ accountId, chargeId }) => {
      const entry = this.journal.find((line) => line.id === chargeId && line.accountId === accountId);
      const isRefund = (line: Entry) => line.kind === "refund" && line.referenceId === chargeId;
      return entry ? [{ entry, refunds: this.journal.filter(isRefund).toReversed() }] : [];
    });
    const isEarlier = (line: Entry) =>
      readSet.keys.some((each) => each.accountId === line.accountId && each.idempotencyKey === line.idempotencyKey);
    const accounts = [...new Set(readSet.accountIds)].flatMap((id) => {
      const account = this.accounts.get(id);
      return account ? [[id, this.#stateOf(account, { readSet, charges })] as const] : [];
    });
    const executed = this.journal.filter(isEarlier).toReversed();
    return { nowMs: this.nowMs, accounts: new Map(accounts), executed, charges };
  }

  #stateOf(account: AccountState["account"], of: { readSet: ReadSet; charges: readonly Charge[] }): AccountState {
    const due = hasExpired(account, this.nowMs);
    const own = [...this.holds.values()].filter((each) => each.accountId === account.id).toReversed();
    const isNamed = ({ id }: Hold) =>
      of.readSet.holds.some((each) => each.holdId === id && each.accountId === account.id);
    const isOver = ({ state, expiresAtMs }: Hold) => due && state === "pending" && expiresAtMs <= this.nowMs;
    const over = own.filter(isOver).toSorted((one, other) => one.expiresAtMs - other.expiresAtMs);
    const shown = new Set(over.slice(0, EXPIRATION_BATCH));
    const holds = own.filter((each) => isNamed(each) || shown.has(each));
    const others = own.filter((each) => !holds.includes(each) && each.state === "pending");
    const takers = [...holds, ...of.charges.map(({ entry }) => entry)];
    const named = new Set(takers.flatMap(({ allocations }) => allocations.map((share) => share.grantId)));
    const grants = [...this.grants.values()].filter(
      (grant) => grant.accountId === account.id && (grant.remaining > 0 || named.has(grant.id)),
    );
    const first = others.reduce<number | null>((due, { expiresAtMs }) => earliest(due, expiresAtMs), null);
    return { account, grants: inSpendingOrder(grants), holds, otherHoldsExpiryMs: due ? first : null };
  }

  #write(writeSet: WriteSet): void {
    // First, because it can be refused: a refused transaction must leave nothing behind.
    this.extra.write(writeSet);
    for (const account of writeSet.accountsOpened) {
      if (this.accounts.has(account.id)) throw new Error(`${account.id} is opened twice`);
      this.accounts.set(account.id, account);
    }
    for (const account of writeSet.accountsChanged) {
      if (!this.accounts.has(account.id)) throw new Error(`${account.id} is changed and not there`);
      this.accounts.set(account.id, account);
    }
    this.#writeRows(this.grants, { added: writeSet.grantsAdded, changed: writeSet.grantsChanged, may: ["remaining"] });
    this.#writeRows(this.holds, {
      added: writeSet.holdsAdded,
      changed: writeSet.holdsChanged,
      may: ["state", "captured", "released", "expired", "expiresAtMs", "resolvedAtMs"],
    });
    for (const line of writeSet.entries) {
      this.#once(this.#ids, line.id);
      this.#once(this.#keys, `${line.accountId} ${line.idempotencyKey}`);
      this.journal.push(line);
    }
    this.written.push(writeSet);
  }

  #writeRows<Row extends { readonly id: string }>(
    table: Map<string, Row>,
    rows: { readonly added: readonly Row[]; readonly changed: readonly Row[]; readonly may: readonly (keyof Row)[] },
  ): void {
    for (const row of rows.added) this.#once(this.#ids, row.id);
    for (const row of rows.changed) unchangedBut(table.get(row.id), row, rows.may);
    for (const row of [...rows.added, ...rows.changed]) table.set(row.id, row);
  }

  #once(seen: Set<string>, name: string): void {
    if (seen.has(name)) throw new Error(`${name} is there already`);
    seen.add(name);
  }
}
