import { type AccountId, type Credits, credits, type GrantId, type GrantSource, invariant } from "@jifen/core";

/** A bucket of credits: given once, spent in order. */
export type Grant = {
  readonly id: GrantId;
  readonly accountId: AccountId;
  readonly source: GrantSource;
  readonly amount: Credits;
  /** What can still be spent of it; what a hold has set aside is not in it. */
  readonly remaining: Credits;
  /** Lower is spent first, 0 to 100. */
  readonly priority: number;
  /** From this moment on nothing of it can be spent; null when it never ends. */
  readonly expiresAtMs: number | null;
  readonly createdAtMs: number;
};

/** How much one transaction took from one grant, or put into it. */
export type Allocation = { readonly grantId: GrantId; readonly amount: Credits };

/** Whether a grant's life is over. */
export const isExpired = ({ expiresAtMs }: Pick<Grant, "expiresAtMs">, nowMs: number): boolean =>
  expiresAtMs !== null && expiresAtMs <= nowMs;

const NEVER = Number.POSITIVE_INFINITY;

/** Spending order: priority, then what expires soonest, then the oldest; the id decides between grants of the same millisecond. */
export const inSpendingOrder = (grants: readonly Grant[]): readonly Grant[] =>
  grants.toSorted(
    (one, other) =>
      one.priority - other.priority ||
      Math.sign((one.expiresAtMs ?? NEVER) - (other.expiresAtMs ?? NEVER)) ||
      one.createdAtMs - other.createdAtMs ||
      (one.id < other.id ? -1 : 1),
  );

/**
 * The shares that make up `amount`, from the first grant on.
 * @param grants in spending order.
 * @throws InvariantError when they have less than `amount`: the caller has looked at the balance.
 */
export function allocate(grants: readonly Grant[], amount: Credits): readonly Allocation[] {
  return takeAllocations(
    grants.map(({ id, remaining }) => ({ grantId: id, amount: remaining })),
    amount,
  );
}

/**
 * The first `amount` credits of `shares`, in their order.
 * @throws InvariantError when there are fewer.
 */
export function takeAllocations(allocations: readonly Allocation[], amount: Credits): readonly Allocation[] {
  const taken: Allocation[] = [];
  let missing: number = amount;
  for (const share of allocations) {
    if (missing === 0) break;
    const part = Math.min(missing, share.amount);
    if (part > 0) taken.push({ grantId: share.grantId, amount: credits(part) });
    missing -= part;
  }
  invariant(missing === 0, `there are ${missing} credits less than the ${amount} to take`);
  return taken;
}

/** What is left of `shares` once `without` has been taken out, in the order of `shares`. */
export function remainingAllocations(
  allocations: readonly Allocation[],
  without: readonly Allocation[],
): readonly Allocation[] {
  const gone = new Map<GrantId, number>();
  for (const { grantId, amount } of without) gone.set(grantId, (gone.get(grantId) ?? 0) + amount);
  return allocations.flatMap(({ grantId, amount }) => {
    const left = amount - (gone.get(grantId) ?? 0);
    return left > 0 ? [{ grantId, amount: credits(left) }] : [];
  });
}
