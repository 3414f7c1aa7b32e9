import type { Credits } from "./credits.ts";
import { credits } from "./credits.ts";
import type { AccountId, GrantId } from "./ids.ts";
import { invariant } from "./invariant.ts";

/** Where credits came from. */
export const grantSources = ["initial", "admin"] as const;

/** Where a grant's credits came from. */
export type GrantSource = (typeof grantSources)[number];

/** A bucket of credits: given once, spent in order. */
export type Grant = {
  readonly id: GrantId;
  readonly accountId: AccountId;
  readonly source: GrantSource;
  readonly amount: Credits;
  readonly remaining: Credits;
  /** Lower is spent first, 0 to 100. */
  readonly priority: number;
  readonly createdAtMs: number;
};

/** How much one transaction took from one grant, or put into it. */
export type GrantShare = { readonly grantId: GrantId; readonly amount: Credits };

/** Spending order: priority, then the oldest; the id decides between grants of the same millisecond. */
export const inSpendingOrder = (grants: readonly Grant[]): readonly Grant[] =>
  grants.toSorted(
    (one, other) =>
      one.priority - other.priority || one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1),
  );

/**
 * Takes `amount` from the grants in spending order.
 * @returns the grants that changed, and the share that each gave.
 * @throws InvariantError when the grants hold less than `amount`: the caller has looked at the balance.
 */
export function takeFromGrants(grants: readonly Grant[], amount: Credits): { changed: Grant[]; shares: GrantShare[] } {
  const changed: Grant[] = [];
  const shares: GrantShare[] = [];
  let missing: number = amount;
  for (const grant of inSpendingOrder(grants)) {
    const taken = Math.min(missing, grant.remaining);
    if (taken === 0) continue;
    changed.push({ ...grant, remaining: credits(grant.remaining - taken) });
    shares.push({ grantId: grant.id, amount: credits(taken) });
    missing -= taken;
  }
  invariant(missing === 0, `the grants hold ${missing} credits less than the ${amount} to take`);
  return { changed, shares };
}
