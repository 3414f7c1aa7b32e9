import type { Allocation } from "./request.ts";

/** Credits that were given together: they are spent in one go with others, and end together. */
type Bucket = {
  readonly id: string;
  readonly amount: number;
  readonly priority: number;
  /** Infinity when they never end. */
  readonly endsAtMs: number;
  readonly bornAtMs: number;
  readonly left: number;
};

/** How many credits these are. */
export const total = (allocations: readonly Allocation[]): number =>
  allocations.reduce((sum, { amount }) => sum + amount, 0);

/** The first `amount` credits of `shares`, and the rest of them. */
export function split(allocations: readonly Allocation[], amount: number): { first: Allocation[]; rest: Allocation[] } {
  const first: Allocation[] = [];
  const rest: Allocation[] = [];
  let missing = amount;
  for (const { bucket, amount: there } of allocations) {
    const part = Math.min(missing, there);
    missing -= part;
    if (part > 0) first.push({ bucket, amount: part });
    if (there > part) rest.push({ bucket, amount: there - part });
  }
  return { first, rest };
}

const toShare = ({ id, left }: Bucket): Allocation => ({ bucket: id, amount: left });

/** What an account can spend, bucket by bucket, in the order in which it is spent. */
export class Purse {
  #buckets: readonly Bucket[] = [];

  get buckets(): readonly Bucket[] {
    return this.#buckets;
  }

  get spendable(): number {
    return this.#buckets.reduce((sum, { left }) => sum + left, 0);
  }

  /** Whether something in it is over and has not been thrown away. */
  isDue(nowMs: number): boolean {
    return this.#over(nowMs).length > 0;
  }

  /** Adds a full bucket: lower priorities are spent first, then what ends first, then the oldest. */
  add(bucket: Omit<Bucket, "left">): void {
    this.#buckets = [...this.#buckets, { ...bucket, left: bucket.amount }].toSorted(
      (a, b) =>
        a.priority - b.priority ||
        (a.endsAtMs === b.endsAtMs ? 0 : a.endsAtMs - b.endsAtMs) ||
        a.bornAtMs - b.bornAtMs ||
        (a.id < b.id ? -1 : 1),
    );
  }

  take(amount: number): readonly Allocation[] {
    const { first } = split(this.#buckets.map(toShare), amount);
    this.#move(first, -1);
    return first;
  }

  /** Puts shares back where they came from. @returns how much of them is over at once. */
  giveBack(allocations: readonly Allocation[], nowMs: number): number {
    this.#move(allocations, 1);
    const over = new Set(this.#buckets.filter(({ endsAtMs }) => endsAtMs <= nowMs).map(({ id }) => id));
    return total(allocations.filter(({ bucket }) => over.has(bucket)));
  }

  /** Empties the first bucket whose time is over. @returns what was in it. */
  throwAwayOne(nowMs: number): Allocation | undefined {
    const [bucket] = this.#over(nowMs);
    if (!bucket) return undefined;
    const share = toShare(bucket);
    this.#move([share], -1);
    return share;
  }

  /** What would end next, and how much of it there is; null when nothing would. */
  expiring(nowMs: number): { readonly amount: number; readonly expiresAtMs: number } | null {
    const open = this.#buckets.filter(({ left, endsAtMs }) => left > 0 && endsAtMs > nowMs);
    const expiresAtMs = Math.min(...open.map(({ endsAtMs }) => endsAtMs));
    if (!Number.isFinite(expiresAtMs)) return null;
    return { amount: total(open.filter((each) => each.endsAtMs === expiresAtMs).map(toShare)), expiresAtMs };
  }

  #over(nowMs: number): readonly Bucket[] {
    return this.#buckets.filter(({ left, endsAtMs }) => left > 0 && endsAtMs <= nowMs);
  }

  #move(allocations: readonly Allocation[], sign: 1 | -1): void {
    for (const { bucket, amount } of allocations) {
      this.#buckets = this.#buckets.map((each) =>
        each.id === bucket ? { ...each, left: each.left + sign * amount } : each,
      );
    }
  }
}
