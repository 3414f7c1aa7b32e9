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

/** Freezes a value deeply, so that code that changes a row in place throws. */
function deepFreeze<Row>(row: Row): Row {
  if (typeof row === "object" && row !== null && !Object.isFrozen(row)) {
    Object.freeze(row);
    for (const value of Object.values(row)) deepFreeze(value);
  }
  return row;
}

/** Only the fields that the port lists may change. */
function assertOnlyChanges<Row extends { readonly id: string }>(
  before: Row | undefined,
  now: Row,
  fields: readonly (keyof Row)[],
) {
  const rest = (row: Row | undefined) =>
    JSON.stringify({ ...row, ...Object.fromEntries(fields.map((each) => [each])) });
  if (rest(before) !== rest(now))
    throw new Error(`fields of ${now.id} changed that must not: ${rest(before)} ${rest(now)}`);
}

/**
 * A ledger store in memory. A snapshot has exactly the rows that the port promises, and a write set is written as it is.
 * It has no rule about money, only unique keys and the fields that may change.
 */
export class InMemoryLedger implements LedgerStore {
  nowMs = 1_000;
  readonly accounts = new Map<AccountId, AccountState["account"]>();
  readonly grants = new Map<string, Grant>();
  readonly holds = new Map<string, Hold>();
  readonly journal: Entry[] = [];
  /** Tables outside the ledger. */
  readonly extra = new ExtraTables();
  /** All write sets, in order. */
  readonly writeSets: WriteSet[] = [];
  readonly #ids = new Set<string>();
  readonly #keys = new Set<string>();
  #expirationRuns = 0;

  /** Decides one command in a transaction of its own. */
  run(command: Command): CommandOutcome {
    return this.decide(readSetOf([command]), (snapshot) => decideOne(command, snapshot));
  }

  /** Decides a batch of commands in one transaction. */
  runBatch(commands: readonly Command[]): readonly CommandOutcome[] {
    return this.decide(readSetOf(commands), (snapshot) => decideBatch(commands, snapshot));
  }

  /** Processes the account's expirations. @returns the account afterwards. */
  processExpirationsOf(accountId: AccountId): AccountState | undefined {
    this.#expirationRuns += 1;
    const all = [{ accountId, transactionId: transactionId(`txn-expiration-${this.#expirationRuns}`) }];
    const result = this.decide(readSetOfExpirations(all), (snapshot) => decideExpirations(all, snapshot));
    return result.accounts.get(accountId);
  }

  decide<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Result {
    const { writeSet, result } = decide(deepFreeze(this.readSnapshot(readSet)));
    this.#write(deepFreeze(writeSet));
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
    const expired = [...this.accounts.values()].filter((account) => hasExpired(account, this.nowMs));
    const order = expired.toSorted((one, other) => (one.nextExpiryMs ?? 0) - (other.nextExpiryMs ?? 0));
    return Promise.resolve(order.slice(0, limit).map(({ id }) => id));
  }

  /** The snapshot that the port promises. Rows without a promised order come in an unusual one. */
  readSnapshot(readSet: ReadSet): Snapshot {
    const charges = readSet.charges.flatMap(({ accountId, chargeId }) => {
      const entry = this.journal.find((each) => each.id === chargeId && each.accountId === accountId);
      const isRefund = (each: Entry) => each.kind === "refund" && each.referenceId === chargeId;
      return entry ? [{ entry, refunds: this.journal.filter(isRefund).toReversed() }] : [];
    });
    const isExecuted = (entry: Entry) =>
      readSet.keys.some((each) => each.accountId === entry.accountId && each.idempotencyKey === entry.idempotencyKey);
    const accounts = [...new Set(readSet.accountIds)].flatMap((id) => {
      const account = this.accounts.get(id);
      return account ? [[id, this.#stateOf(account, { readSet, charges })] as const] : [];
    });
    const executed = this.journal.filter(isExecuted).toReversed();
    return { nowMs: this.nowMs, accounts: new Map(accounts), executed, charges };
  }

  #stateOf(account: AccountState["account"], of: { readSet: ReadSet; charges: readonly Charge[] }): AccountState {
    const hasExpirations = hasExpired(account, this.nowMs);
    const own = [...this.holds.values()].filter((each) => each.accountId === account.id).toReversed();
    const isRequested = ({ id }: Hold) =>
      of.readSet.holds.some((each) => each.holdId === id && each.accountId === account.id);
    const isExpired = ({ state, expiresAtMs }: Hold) =>
      hasExpirations && state === "pending" && expiresAtMs <= this.nowMs;
    const expired = own.filter(isExpired).toSorted((one, other) => one.expiresAtMs - other.expiresAtMs);
    const processed = new Set(expired.slice(0, EXPIRATION_BATCH));
    const holds = own.filter((each) => isRequested(each) || processed.has(each));
    const others = own.filter((each) => !holds.includes(each) && each.state === "pending");
    const sources = [...holds, ...of.charges.map(({ entry }) => entry)];
    const referenced = new Set(
      sources.flatMap(({ allocations }) => allocations.map((allocation) => allocation.grantId)),
    );
    const grants = [...this.grants.values()].filter(
      (grant) => grant.accountId === account.id && (grant.remaining > 0 || referenced.has(grant.id)),
    );
    const first = others.reduce<number | null>((min, { expiresAtMs }) => earliest(min, expiresAtMs), null);
    return { account, grants: inSpendingOrder(grants), holds, otherHoldsExpiryMs: hasExpirations ? first : null };
  }

  #write(writeSet: WriteSet): void {
    // First, because it can be refused: a refused transaction must leave nothing behind.
    this.extra.write(writeSet);
    for (const account of writeSet.accountsOpened) {
      if (this.accounts.has(account.id)) throw new Error(`${account.id} was opened twice`);
      this.accounts.set(account.id, account);
    }
    for (const account of writeSet.accountsChanged) {
      if (!this.accounts.has(account.id)) throw new Error(`${account.id} does not exist and cannot be changed`);
      this.accounts.set(account.id, account);
    }
    this.#writeRows(this.grants, {
      added: writeSet.grantsAdded,
      changed: writeSet.grantsChanged,
      changeable: ["remaining"],
    });
    this.#writeRows(this.holds, {
      added: writeSet.holdsAdded,
      changed: writeSet.holdsChanged,
      changeable: ["state", "captured", "released", "expired", "expiresAtMs", "resolvedAtMs"],
    });
    for (const entry of writeSet.entries) {
      this.#addUnique(this.#ids, entry.id);
      this.#addUnique(this.#keys, `${entry.accountId} ${entry.idempotencyKey}`);
      this.journal.push(entry);
    }
    this.writeSets.push(writeSet);
  }

  #writeRows<Row extends { readonly id: string }>(
    table: Map<string, Row>,
    rows: {
      readonly added: readonly Row[];
      readonly changed: readonly Row[];
      readonly changeable: readonly (keyof Row)[];
    },
  ): void {
    for (const row of rows.added) this.#addUnique(this.#ids, row.id);
    for (const row of rows.changed) assertOnlyChanges(table.get(row.id), row, rows.changeable);
    for (const row of [...rows.added, ...rows.changed]) table.set(row.id, row);
  }

  #addUnique(seen: Set<string>, name: string): void {
    if (seen.has(name)) throw new Error(`${name} exists already`);
    seen.add(name);
  }
}
