import {
  type AccountId,
  credits,
  heldAccountOf,
  invariant,
  systemAccounts,
  type TransactionId,
  type TransactionKind,
  transactionId,
} from "@jifen/core";
import { type AccountState, assertAccountAgrees, soonest } from "./account.ts";
import type { Transaction } from "./entry.ts";
import { type Grant, inSpendingOrder, isExpired } from "./grant.ts";

/** When lines are booked, and the id that theirs are made from, with their number in the account after it. */
export type Moment = {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly transactionId: TransactionId;
};

/** An account's state, and the lines that led to it. */
export type Posted = { readonly state: AccountState; readonly lines: readonly Transaction[] };

type Side = "own" | "held" | "issued" | "earned" | "expired";

/** From where to where each kind moves credits: the whole of the double entry. */
const movements: Readonly<Record<TransactionKind, { readonly debit: Side; readonly credit: Side }>> = {
  grant: { debit: "issued", credit: "own" },
  consume: { debit: "own", credit: "earned" },
  hold: { debit: "own", credit: "held" },
  extend: { debit: "own", credit: "held" },
  capture: { debit: "held", credit: "earned" },
  release: { debit: "held", credit: "own" },
  refund: { debit: "earned", credit: "own" },
  revoke: { debit: "own", credit: "issued" },
  expire: { debit: "own", credit: "expired" },
};

/** What a line says of itself; the rest follows from the account. */
export type Entry = Pick<Transaction, "idempotencyKey" | "kind" | "amount" | "action" | "shares"> &
  Partial<Pick<Transaction, "id" | "metadata" | "terms" | "subjectId" | "lapsed" | "expiresAtMs">>;

const nameOf = (side: Side, account: AccountId) => {
  if (side === "own") return account;
  return side === "held" ? heldAccountOf(account) : systemAccounts[side];
};

/** The accounts that a line of this kind debits and credits. */
export const sidesOf = (kind: TransactionKind, account: AccountId) => ({
  debit: nameOf(movements[kind].debit, account),
  credit: nameOf(movements[kind].credit, account),
});

type Moved = Pick<Transaction, "kind" | "amount">;

/** How much a movement adds to one side. */
const gained = (side: Side, { kind, amount }: Moved): number => {
  const { debit, credit } = movements[kind];
  return (credit === side ? amount : 0) - (debit === side ? amount : 0);
};

/** How much a line adds to what can be spent; below zero when it takes away. */
export const spendableGain = (line: Moved): number => gained("own", line);

/** How much a line adds to what is set aside; below zero when it takes away. */
export const heldGain = (line: Moved): number => gained("held", line);

/**
 * Books one line: moves the credits, and takes them from the grants or gives them back.
 * It is the only place where a balance changes.
 * @throws InvariantError when that leaves the account in disorder; RangeError when something would fall below zero.
 */
export function post({ state, lines }: Posted, entry: Entry, moment: Moment): Posted {
  const { account } = state;
  const after = {
    ...account,
    balance: credits(account.balance + spendableGain(entry)),
    held: credits(account.held + heldGain(entry)),
    sequence: account.sequence + 1,
    nextDueMs: dueWith(state, entry, moment),
  };
  const next = { ...state, account: after, grants: moveShares(state.grants, entry, moment) };
  assertAccountAgrees(next);
  return { state: next, lines: [...lines, lineOf(entry, next, moment)] };
}

/**
 * An account is due no later than the grants that got something: while they were empty nobody looked at their end.
 * What went to a grant whose life is over is booked as expired at once, and not waited for.
 */
function dueWith({ account, grants }: AccountState, entry: Entry, { nowMs }: Moment): number | null {
  if (gained("own", entry) <= 0) return account.nextDueMs;
  const filled = new Set(entry.shares.map(({ grantId }) => grantId));
  return grants
    .filter((grant) => filled.has(grant.id) && !isExpired(grant, nowMs))
    .reduce((due, { expiresAtMs }) => soonest(due, expiresAtMs), account.nextDueMs);
}

/** Grants give what leaves the account's own side and get what comes back to it; a new grant is there already, and full. */
function moveShares(grants: readonly Grant[], entry: Entry, { nowMs }: Moment): readonly Grant[] {
  const direction = entry.kind === "grant" ? 0 : Math.sign(spendableGain(entry));
  const sum = entry.shares.reduce((total, share) => total + share.amount, 0);
  invariant(sum === entry.amount, `the shares of a ${entry.kind} make ${sum}, not ${entry.amount}`);
  if (direction === 0) return grants;
  const moved = new Map(entry.shares.map(({ grantId, amount }) => [grantId, direction * amount]));
  const changed = grants.map((grant) => {
    const by = moved.get(grant.id);
    if (by === undefined) return grant;
    moved.delete(grant.id);
    const isAllowed = by > 0 || entry.kind === "expire" || !isExpired(grant, nowMs);
    invariant(isAllowed, `a ${entry.kind} takes from grant ${grant.id}, which has expired`);
    return { ...grant, remaining: credits(grant.remaining + by) };
  });
  invariant(moved.size === 0, `a ${entry.kind} moves credits of a grant that was not shown: ${[...moved.keys()]}`);
  return changed;
}

function lineOf(entry: Entry, { account }: AccountState, at: Moment): Transaction {
  const { debit, credit } = sidesOf(entry.kind, account.id);
  const id = entry.id ?? transactionId(`${at.transactionId}-${account.sequence}`);
  return {
    id,
    accountId: account.id,
    sequence: account.sequence,
    idempotencyKey: entry.idempotencyKey,
    kind: entry.kind,
    amount: entry.amount,
    action: entry.action,
    metadata: entry.metadata ?? null,
    terms: entry.terms ?? null,
    subjectId: entry.subjectId ?? null,
    debit,
    credit,
    balanceAfter: account.balance,
    heldAfter: account.held,
    shares: entry.shares,
    lapsed: entry.lapsed ?? credits(0),
    expiresAtMs: entry.expiresAtMs ?? null,
    createdAtMs: at.nowMs,
  };
}

/** Adds a grant to an account's others. */
export const withGrant = (state: AccountState, grant: Grant): AccountState => ({
  ...state,
  grants: inSpendingOrder([...state.grants, grant]),
});
