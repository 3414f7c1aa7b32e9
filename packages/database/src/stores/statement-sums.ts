import { InvariantError } from "@jifen/core";

/** The entries of one name: of a source of grants, or of an action. */
export type NamedSum = {
  /** null: all names beyond `MAX_NAMES` together. */
  readonly name: string | null;
  readonly entries: number;
  /** Whole credits. */
  readonly amount: number;
};

/** What a range of a journal adds up to, in whole credits. The largest sum comes first, all further names together last. */
export type StatementSums = {
  /** By source. */
  readonly grants: readonly NamedSum[];
  readonly revoked: number;
  /** Charges by action. */
  readonly spent: readonly NamedSum[];
  /** By the action of the charge. */
  readonly refunded: readonly NamedSum[];
  readonly expired: number;
};

/** The entries of a kind and a name in a part of a journal. */
export type EntrySum = {
  readonly kind: string;
  /** The source of grants, or the action of charges and refunds; empty for other kinds. */
  readonly name: string;
  /** The first of these entries in the journal. */
  readonly firstSequence: number;
  readonly entries: number;
  readonly amount: number;
};

/** The kinds of entries that change what an account has. The others move credits between its balance and its holds. */
export const summedKinds = ["grant", "consume", "capture", "refund", "revoke", "expire"] as const;

/**
 * How many sources or actions are listed by name. An account can have as many actions as charges, and a statement has to
 * stay readable. Those that occur first in the month are listed, which is the same however often it is computed.
 */
export const MAX_NAMES = 200;

/** Sums that grow with each part of a journal, in the order of the journal. */
export class GrowingSums {
  readonly #grants = new Map<string | null, NamedSum>();
  readonly #spent = new Map<string | null, NamedSum>();
  readonly #refunded = new Map<string | null, NamedSum>();
  #revoked = 0;
  #expired = 0;

  /** Adds the sums of the next part. @throws InvariantError for a kind that does not change what an account has */
  add(part: readonly EntrySum[]): void {
    for (const sum of part.toSorted((one, other) => one.firstSequence - other.firstSequence)) this.#addOne(sum);
  }

  #addOne(sum: EntrySum): void {
    switch (sum.kind as (typeof summedKinds)[number]) {
      case "grant":
        addTo(this.#grants, sum);
        break;
      case "consume":
      case "capture":
        addTo(this.#spent, sum);
        break;
      case "refund":
        addTo(this.#refunded, sum);
        break;
      case "revoke":
        this.#revoked += sum.amount;
        break;
      case "expire":
        this.#expired += sum.amount;
        break;
      default:
        throw new InvariantError(`a ${sum.kind} is in no line of a statement`);
    }
  }

  /** The sums so far. */
  sums(): StatementSums {
    return {
      grants: largestFirst(this.#grants),
      revoked: this.#revoked,
      spent: largestFirst(this.#spent),
      refunded: largestFirst(this.#refunded),
      expired: this.#expired,
    };
  }
}

function addTo(sums: Map<string | null, NamedSum>, { name, entries, amount }: EntrySum): void {
  const key = sums.has(name) || sums.size < MAX_NAMES ? name : null;
  const before = sums.get(key);
  sums.set(key, {
    name: key,
    entries: (before?.entries ?? 0) + entries,
    amount: (before?.amount ?? 0) + amount,
  });
}

const largestFirst = (sums: ReadonlyMap<string | null, NamedSum>): readonly NamedSum[] =>
  [...sums.values()].toSorted(
    (one, other) =>
      Number(one.name === null) - Number(other.name === null) ||
      other.amount - one.amount ||
      ((one.name ?? "") < (other.name ?? "") ? -1 : 1),
  );

/** The change of what an account has, balance and held credits together. */
export const netOf = ({ grants, revoked, spent, refunded, expired }: StatementSums): number =>
  total(grants) - revoked - total(spent) + total(refunded) - expired;

const total = (sums: readonly NamedSum[]): number => sums.reduce((sum, { amount }) => sum + amount, 0);
