import { type AccountId, type Credits, credits, type GrantId, type GrantSource, invariant } from "@jifen/core";

/** A grant: credits of one source, with a spending priority and an optional expiry. */
export type Grant = {
  readonly id: GrantId;
  readonly accountId: AccountId;
  readonly source: GrantSource;
  readonly amount: Credits;
  /** Spendable credits of the grant; credits in a pending hold are not included. */
  readonly remaining: Credits;
  /** Lower is spent first, 0 to 100. */
  readonly priority: number;
  /** Nothing of the grant can be spent at or after this time; null when it never expires. */
  readonly expiresAtMs: number | null;
  readonly createdAtMs: number;
};

/** How much an entry takes from one grant, or returns to it. */
export type Allocation = { readonly grantId: GrantId; readonly amount: Credits };

/** Whether a grant has expired. */
export const isExpired = ({ expiresAtMs }: Pick<Grant, "expiresAtMs">, nowMs: number): boolean =>
  expiresAtMs !== null && expiresAtMs <= nowMs;

const NEVER = Number.POSITIVE_INFINITY;

/** Spending order: lowest priority number, then earliest expiry, then oldest; then by id, for grants of the same millisecond. */
export const inSpendingOrder = (grants: readonly Grant[]): readonly Grant[] =>
  grants.toSorted(
    (one, other) =>
      one.priority - other.priority ||
      Math.sign((one.expiresAtMs ?? NEVER) - (other.expiresAtMs ?? NEVER)) ||
      one.createdAtMs - other.createdAtMs ||
      (one.id < other.id ? -1 : 1),
  );

/**
 * Allocates `amount` to grants, beginning with the first.
 * @param grants in spending order.
 * @throws InvariantError when they have less than `amount` left: the caller has checked the balance.
 */
export function allocate(grants: readonly Grant[], amount: Credits): readonly Allocation[] {
  return takeAllocations(
    grants.map(({ id, remaining }) => ({ grantId: id, amount: remaining })),
    amount,
  );
}

/**
 * The first `amount` credits of `allocations`, in their order.
 * @throws InvariantError when `allocations` contain less.
 */
export function takeAllocations(allocations: readonly Allocation[], amount: Credits): readonly Allocation[] {
  const taken: Allocation[] = [];
  let missing: number = amount;
  for (const allocation of allocations) {
    if (missing === 0) break;
    const part = Math.min(missing, allocation.amount);
    if (part > 0) taken.push({ grantId: allocation.grantId, amount: credits(part) });
    missing -= part;
  }
  invariant(missing === 0, `the allocations lack ${missing} of ${amount} credits`);
  return taken;
}

/** The rest of `allocations` after `without` is subtracted, in the order of `allocations`. */
export function remainingAllocations(
  allocations: readonly Allocation[],
  without: readonly Allocation[],
): readonly Allocation[] {
  const subtracted = new Map<GrantId, number>();
  for (const { grantId, amount } of without) subtracted.set(grantId, (subtracted.get(grantId) ?? 0) + amount);
  return allocations.flatMap(({ grantId, amount }) => {
    const left = amount - (subtracted.get(grantId) ?? 0);
    return left > 0 ? [{ grantId, amount: credits(left) }] : [];
  });
}
