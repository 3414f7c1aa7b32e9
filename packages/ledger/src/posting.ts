import {
  type AccountId,
  credits,
  type EntryKind,
  heldAccountOf,
  invariant,
  systemAccounts,
  type TransactionId,
  transactionId,
} from "@jifen/core";
import { type AccountState, assertAccountAgrees, earliest } from "./account.ts";
import type { Entry } from "./entry.ts";
import { type Grant, inSpendingOrder, isExpired } from "./grant.ts";

/** When lines are booked, and the id that theirs are made from, with their number in the account after it. */
export type PostingContext = {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly transactionId: TransactionId;
};

/** An account's state, and the lines that led to it. */
export type Posted = { readonly state: AccountState; readonly entries: readonly Entry[] };

type AccountRole = "own" | "held" | "issued" | "earned" | "expired";

/** From where to where each kind moves credits: the whole of the double entry. */
const postingRules: Readonly<Record<EntryKind, { readonly debit: AccountRole; readonly credit: AccountRole }>> = {
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
export type EntryDraft = Pick<Entry, "idempotencyKey" | "kind" | "amount" | "action" | "allocations"> &
  Partial<Pick<Entry, "id" | "metadata" | "requestParams" | "referenceId" | "expiredOnReturn" | "expiresAtMs">>;

const accountFor = (side: AccountRole, account: AccountId) => {
  if (side === "own") return account;
  return side === "held" ? heldAccountOf(account) : systemAccounts[side];
};

/** The accounts that a line of this kind debits and credits. */
export const postingAccounts = (kind: EntryKind, account: AccountId) => ({
  debit: accountFor(postingRules[kind].debit, account),
  credit: accountFor(postingRules[kind].credit, account),
});

type Movement = Pick<Entry, "kind" | "amount">;

/** How much a movement adds to one side. */
const gainOf = (side: AccountRole, { kind, amount }: Movement): number => {
  const { debit, credit } = postingRules[kind];
  return (credit === side ? amount : 0) - (debit === side ? amount : 0);
};

/** How much a line adds to what can be spent; below zero when it takes away. */
export const spendableGain = (line: Movement): number => gainOf("own", line);

/** How much a line adds to what is set aside; below zero when it takes away. */
export const heldGain = (line: Movement): number => gainOf("held", line);

/**
 * Books one line: moves the credits, and takes them from the grants or gives them back.
 * It is the only place where a balance changes.
 * @throws InvariantError when that leaves the account in disorder; RangeError when something would fall below zero.
 */
export function post({ state, entries }: Posted, entry: EntryDraft, moment: PostingContext): Posted {
  const { account } = state;
  const after = {
    ...account,
    balance: credits(account.balance + spendableGain(entry)),
    held: credits(account.held + heldGain(entry)),
    sequence: account.sequence + 1,
    nextExpiryMs: nextExpiryAfter(state, entry, moment),
  };
  const next = { ...state, account: after, grants: applyAllocations(state.grants, entry, moment) };
  assertAccountAgrees(next);
  return { state: next, entries: [...entries, toEntry(entry, next, moment)] };
}

/**
 * An account is due no later than the grants that got something: while they were empty nobody looked at their end.
 * What went to a grant whose life is over is booked as expired at once, and not waited for.
 */
function nextExpiryAfter(
  { account, grants }: AccountState,
  entry: EntryDraft,
  { nowMs }: PostingContext,
): number | null {
  if (gainOf("own", entry) <= 0) return account.nextExpiryMs;
  const filled = new Set(entry.allocations.map(({ grantId }) => grantId));
  return grants
    .filter((grant) => filled.has(grant.id) && !isExpired(grant, nowMs))
    .reduce((due, { expiresAtMs }) => earliest(due, expiresAtMs), account.nextExpiryMs);
}

/** Grants give what leaves the account's own side and get what comes back to it; a new grant is there already, and full. */
function applyAllocations(grants: readonly Grant[], entry: EntryDraft, { nowMs }: PostingContext): readonly Grant[] {
  const direction = entry.kind === "grant" ? 0 : Math.sign(spendableGain(entry));
  const sum = entry.allocations.reduce((total, share) => total + share.amount, 0);
  invariant(sum === entry.amount, `the shares of a ${entry.kind} make ${sum}, not ${entry.amount}`);
  if (direction === 0) return grants;
  const moved = new Map(entry.allocations.map(({ grantId, amount }) => [grantId, direction * amount]));
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

function toEntry(entry: EntryDraft, { account }: AccountState, at: PostingContext): Entry {
  const { debit, credit } = postingAccounts(entry.kind, account.id);
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
    requestParams: entry.requestParams ?? null,
    referenceId: entry.referenceId ?? null,
    debit,
    credit,
    balanceAfter: account.balance,
    heldAfter: account.held,
    allocations: entry.allocations,
    expiredOnReturn: entry.expiredOnReturn ?? credits(0),
    expiresAtMs: entry.expiresAtMs ?? null,
    createdAtMs: at.nowMs,
  };
}

/** Adds a grant to an account's others. */
export const withGrant = (state: AccountState, grant: Grant): AccountState => ({
  ...state,
  grants: inSpendingOrder([...state.grants, grant]),
});
