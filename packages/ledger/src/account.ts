import { type AccountId, type Credits, credits, invariant } from "@jifen/core";
import { type Grant, isExpired } from "./grant.ts";
import type { Hold } from "./hold.ts";

/** The row of an account. */
export type Account = {
  readonly id: AccountId;
  /** Spendable credits. */
  readonly balance: Credits;
  /** Credits in pending holds. */
  readonly held: Credits;
  /** The number of the account's last entry; 0 before the first. */
  readonly sequence: number;
  /** No grant and no pending hold of the account expires before this time; null when none expires at all. */
  readonly nextExpiryMs: number | null;
};

/** An account with the rows that a decision needs. */
export type AccountState = {
  readonly account: Account;
  /** Grants with credits left, and grants that holds or charges of the read set took from; in spending order. */
  readonly grants: readonly Grant[];
  /** The holds of the read set, and expired pending holds. */
  readonly holds: readonly Hold[];
  /** The earliest expiry among the account's other pending holds; null when there is none. Set only if the account has expired rows. */
  readonly otherHoldsExpiryMs: number | null;
};

/** An account without entries. */
export const emptyAccount = (id: AccountId): AccountState => ({
  account: { id, balance: credits(0), held: credits(0), sequence: 0, nextExpiryMs: null },
  grants: [],
  holds: [],
  otherHoldsExpiryMs: null,
});

/** Whether a grant or a hold of the account has expired and is not yet processed. */
export const hasExpired = ({ nextExpiryMs }: Account, nowMs: number): boolean =>
  nextExpiryMs !== null && nextExpiryMs <= nowMs;

/** The earlier of two times; null stands for never. */
export const earliest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** The earliest expiry among grants with credits left, pending holds, and `other`. */
export function firstExpiryMs(
  { grants, holds }: Pick<AccountState, "grants" | "holds">,
  other: number | null,
): number | null {
  const expiries = [
    ...grants.filter(({ remaining }) => remaining > 0).map(({ expiresAtMs }) => expiresAtMs),
    ...holds.filter(({ state }) => state === "pending").map(({ expiresAtMs }) => expiresAtMs),
  ];
  return expiries.reduce(earliest, other);
}

/**
 * Checks that the balance is the sum of what the grants have left. Called before and after every command.
 * @throws InvariantError when they differ.
 */
export function assertAccountAgrees({ account, grants }: AccountState): void {
  const remaining = grants.reduce((sum, grant) => sum + grant.remaining, 0);
  invariant(
    account.balance === remaining,
    `account ${account.id}: balance ${account.balance} is not the ${remaining} left in its grants`,
  );
}

/** The next expiry, and the amount that expires then. */
export type NextExpiry = { readonly amount: Credits; readonly expiresAtMs: number };

/** The next expiry of the account's grants after `nowMs`; null when there is none. */
export function nextExpiry({ grants }: Pick<AccountState, "grants">, nowMs: number): NextExpiry | null {
  const open = grants.filter((grant) => grant.remaining > 0 && !isExpired(grant, nowMs));
  const next = open.reduce<number | null>((first, { expiresAtMs }) => earliest(first, expiresAtMs), null);
  if (next === null) return null;
  const amount = open.reduce((sum, grant) => sum + (grant.expiresAtMs === next ? grant.remaining : 0), 0);
  return { amount: credits(amount), expiresAtMs: next };
}
