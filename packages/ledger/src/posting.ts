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
import type { Author, Entry } from "./entry.ts";
import { type Grant, inSpendingOrder, isExpired } from "./grant.ts";

/** The author and the time of the entries, and the id that the ids of further entries are derived from: `<transactionId>-<sequence>`. */
export type PostingContext = Author & {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly transactionId: TransactionId;
};

/** The state of an account, and the entries that led to it. */
export type Posted = { readonly state: AccountState; readonly entries: readonly Entry[] };

type AccountRole = "own" | "held" | "issued" | "earned" | "expired";

/** The posting rules: which account each kind of entry debits and credits. */
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

/** The fields of an entry that do not follow from the account. */
export type EntryDraft = Pick<Entry, "idempotencyKey" | "kind" | "amount" | "action" | "allocations"> &
  Partial<Pick<Entry, "id" | "metadata" | "requestParams" | "referenceId" | "expiredOnReturn" | "expiresAtMs">>;

const accountOfRole = (role: AccountRole, account: AccountId) => {
  if (role === "own") return account;
  return role === "held" ? heldAccountOf(account) : systemAccounts[role];
};

/** The accounts that an entry of this kind debits and credits. */
export const postingAccounts = (kind: EntryKind, account: AccountId) => ({
  debit: accountOfRole(postingRules[kind].debit, account),
  credit: accountOfRole(postingRules[kind].credit, account),
});

type PostedAmount = Pick<Entry, "kind" | "amount">;

/** The change of one account role by an entry. */
const netChange = (role: AccountRole, { kind, amount }: PostedAmount): number => {
  const { debit, credit } = postingRules[kind];
  return (credit === role ? amount : 0) - (debit === role ? amount : 0);
};

/** The change of the spendable balance by an entry; negative when it takes credits. */
export const spendableGain = (entry: PostedAmount): number => netChange("own", entry);

/** The change of the held credits by an entry; negative when it takes credits. */
export const heldGain = (entry: PostedAmount): number => netChange("held", entry);

/**
 * Posts one entry: changes the balances, and takes the credits from the grants or returns them. No other code changes a
 * balance.
 * @throws InvariantError when the account would become inconsistent; RangeError when an amount would become negative.
 */
export function post({ state, entries }: Posted, entry: EntryDraft, context: PostingContext): Posted {
  const { account } = state;
  const after = {
    ...account,
    balance: credits(account.balance + spendableGain(entry)),
    held: credits(account.held + heldGain(entry)),
    sequence: account.sequence + 1,
    nextExpiryMs: nextExpiryAfter(state, entry, context),
  };
  const next = { ...state, account: after, grants: applyAllocations(state.grants, entry, context) };
  assertAccountAgrees(next);
  return { state: next, entries: [...entries, toEntry(entry, next, context)] };
}

/**
 * The next expiry is never later than the expiry of a grant that received credits: an empty grant did not count before.
 * Credits returned to an expired grant are expired immediately and do not count.
 */
function nextExpiryAfter(
  { account, grants }: AccountState,
  entry: EntryDraft,
  { nowMs }: PostingContext,
): number | null {
  if (netChange("own", entry) <= 0) return account.nextExpiryMs;
  const receiving = new Set(entry.allocations.map(({ grantId }) => grantId));
  return grants
    .filter((grant) => receiving.has(grant.id) && !isExpired(grant, nowMs))
    .reduce((first, { expiresAtMs }) => earliest(first, expiresAtMs), account.nextExpiryMs);
}

/** Takes spendable credits from the grants, or returns them. A new grant is already in the state, with its full amount. */
function applyAllocations(grants: readonly Grant[], entry: EntryDraft, { nowMs }: PostingContext): readonly Grant[] {
  const direction = entry.kind === "grant" ? 0 : Math.sign(spendableGain(entry));
  const sum = entry.allocations.reduce((total, allocation) => total + allocation.amount, 0);
  invariant(sum === entry.amount, `the allocations of a ${entry.kind} sum up to ${sum}, not ${entry.amount}`);
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
  invariant(
    moved.size === 0,
    `a ${entry.kind} moves credits of a grant that is not in the snapshot: ${[...moved.keys()]}`,
  );
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
    actor: at.actor,
    requestId: at.requestId,
  };
}

/** Adds a grant to an account. */
export const withGrant = (state: AccountState, grant: Grant): AccountState => ({
  ...state,
  grants: inSpendingOrder([...state.grants, grant]),
});
