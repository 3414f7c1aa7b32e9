import type { Allocation } from "./requests.ts";

/** A bucket: the credits of one grant. They are spent together and expire together. */
type Bucket = {
  readonly id: string;
  readonly amount: number;
  readonly priority: number;
  /** Infinity if they never expire. */
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  readonly remaining: number;
};

/** The sum of allocations. */
export const total = (allocations: readonly Allocation[]): number =>
  allocations.reduce((sum, { amount }) => sum + amount, 0);

/** Splits allocations into the first `amount` credits and the rest. */
export function split(allocations: readonly Allocation[], amount: number): { first: Allocation[]; rest: Allocation[] } {
  const first: Allocation[] = [];
  const rest: Allocation[] = [];
  let missing = amount;
  for (const { bucket, amount: available } of allocations) {
    const part = Math.min(missing, available);
    missing -= part;
    if (part > 0) first.push({ bucket, amount: part });
    if (available > part) rest.push({ bucket, amount: available - part });
  }
  return { first, rest };
}

const toAllocation = ({ id, remaining }: Bucket): Allocation => ({ bucket: id, amount: remaining });

/** The buckets of an account, in spending order. */
export class Buckets {
  #buckets: readonly Bucket[] = [];

  get list(): readonly Bucket[] {
    return this.#buckets;
  }

  get spendable(): number {
    return this.#buckets.reduce((sum, { remaining }) => sum + remaining, 0);
  }

  /** Whether an expired bucket still has credits. */
  hasExpired(nowMs: number): boolean {
    return this.#expired(nowMs).length > 0;
  }

  /** Adds a full bucket. Spending order: lowest priority number, then earliest expiry, then oldest. */
  add(bucket: Omit<Bucket, "remaining">): void {
    this.#buckets = [...this.#buckets, { ...bucket, remaining: bucket.amount }].toSorted(
      (a, b) =>
        a.priority - b.priority ||
        (a.expiresAtMs === b.expiresAtMs ? 0 : a.expiresAtMs - b.expiresAtMs) ||
        a.createdAtMs - b.createdAtMs ||
        (a.id < b.id ? -1 : 1),
    );
  }

  /** Takes `amount` credits in spending order, of all buckets or of one. */
  take(amount: number, bucket: string | null = null): readonly Allocation[] {
    const { first } = split(this.#in(bucket).map(toAllocation), amount);
    this.#move(first, -1);
    return first;
  }

  /** What can be taken of one bucket, or of all. */
  spendableIn(bucket: string | null): number {
    return total(this.#in(bucket).map(toAllocation));
  }

  #in(bucket: string | null): readonly Bucket[] {
    return bucket === null ? this.#buckets : this.#buckets.filter(({ id }) => id === bucket);
  }

  /** Returns allocations to their buckets. @returns how much of them is in expired buckets. */
  returnAllocations(allocations: readonly Allocation[], nowMs: number): number {
    this.#move(allocations, 1);
    const expired = new Set(this.#buckets.filter(({ expiresAtMs }) => expiresAtMs <= nowMs).map(({ id }) => id));
    return total(allocations.filter(({ bucket }) => expired.has(bucket)));
  }

  /** Empties the first expired bucket. @returns what was in it; undefined if no bucket has expired. */
  expireNext(nowMs: number): Allocation | undefined {
    const [bucket] = this.#expired(nowMs);
    if (!bucket) return undefined;
    const allocation = toAllocation(bucket);
    this.#move([allocation], -1);
    return allocation;
  }

  /** The next expiry after `nowMs` and the amount that expires then; null when nothing expires. */
  nextExpiry(nowMs: number): { readonly amount: number; readonly expiresAtMs: number } | null {
    const open = this.#buckets.filter(({ remaining, expiresAtMs }) => remaining > 0 && expiresAtMs > nowMs);
    const expiresAtMs = Math.min(...open.map((bucket) => bucket.expiresAtMs));
    if (!Number.isFinite(expiresAtMs)) return null;
    return { amount: total(open.filter((each) => each.expiresAtMs === expiresAtMs).map(toAllocation)), expiresAtMs };
  }

  #expired(nowMs: number): readonly Bucket[] {
    return this.#buckets.filter(({ remaining, expiresAtMs }) => remaining > 0 && expiresAtMs <= nowMs);
  }

  #move(allocations: readonly Allocation[], sign: 1 | -1): void {
    for (const { bucket, amount } of allocations) {
      this.#buckets = this.#buckets.map((each) =>
        each.id === bucket ? { ...each, remaining: each.remaining + sign * amount } : each,
      );
    }
  }
}
