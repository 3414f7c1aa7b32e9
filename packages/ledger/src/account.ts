import { type AccountId, type Credits, credits, invariant } from "@jifen/core";
import { type Grant, isExpired } from "./grant.ts";
import type { Hold } from "./hold.ts";

/** One account as its row says. */
export type Account = {
  readonly id: AccountId;
  /** What can be spent now. */
  readonly balance: Credits;
  /** What is set aside. */
  readonly held: Credits;
  /** The number of the account's last transaction; 0 before the first. */
  readonly sequence: number;
  /** Before this moment nothing of it expires, no grant and no hold; null when nothing will. */
  readonly nextExpiryMs: number | null;
};

/** An account with what belongs to it, as far as a decision needs it. */
export type AccountState = {
  readonly account: Account;
  /** Those that have something left, and those to which something may come back; in spending order. */
  readonly grants: readonly Grant[];
  /** Those that commands name, and those that are due. */
  readonly holds: readonly Hold[];
  /** When the first of its other pending holds expires; null when there is none. Known when the account is due. */
  readonly otherHoldsExpiryMs: number | null;
};

/** An account before its first transaction. */
export const emptyAccount = (id: AccountId): AccountState => ({
  account: { id, balance: credits(0), held: credits(0), sequence: 0, nextExpiryMs: null },
  grants: [],
  holds: [],
  otherHoldsExpiryMs: null,
});

/** Whether something of the account expires now. */
export const hasExpired = ({ nextExpiryMs }: Account, nowMs: number): boolean =>
  nextExpiryMs !== null && nextExpiryMs <= nowMs;

/** The earlier of two moments, of which each may never come. */
export const earliest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** When the first of these grants and holds ends that is still open, or of what else will end: at `other`. */
export function firstExpiryMs(
  { grants, holds }: Pick<AccountState, "grants" | "holds">,
  other: number | null,
): number | null {
  const ends = [
    ...grants.filter(({ remaining }) => remaining > 0).map(({ expiresAtMs }) => expiresAtMs),
    ...holds.filter(({ state }) => state === "pending").map(({ expiresAtMs }) => expiresAtMs),
  ];
  return ends.reduce(earliest, other);
}

/**
 * Holds before and after every command: what can be spent is what the grants have left.
 * @throws InvariantError when the row and its grants disagree.
 */
export function assertAccountAgrees({ account, grants }: AccountState): void {
  const remaining = grants.reduce((sum, grant) => sum + grant.remaining, 0);
  invariant(
    account.balance === remaining,
    `account ${account.id}: balance ${account.balance} is not the ${remaining} left in its grants`,
  );
}

/** What expires next, and how much of it there is. */
export type NextExpiry = { readonly amount: Credits; readonly expiresAtMs: number };

/** The next expiry among the account's grants that is still to come; null when there is none. */
export function nextExpiry({ grants }: Pick<AccountState, "grants">, nowMs: number): NextExpiry | null {
  const open = grants.filter((grant) => grant.remaining > 0 && !isExpired(grant, nowMs));
  const next = open.reduce<number | null>((first, { expiresAtMs }) => earliest(first, expiresAtMs), null);
  if (next === null) return null;
  const amount = open.reduce((sum, grant) => sum + (grant.expiresAtMs === next ? grant.remaining : 0), 0);
  return { amount: credits(amount), expiresAtMs: next };
}
