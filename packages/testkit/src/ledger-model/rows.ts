import type { Allocation } from "./requests.ts";

/** A row of the journal. */
export type JournalRow = {
  readonly account: string;
  readonly sequence: number;
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly amount: number;
  readonly action: string;
  readonly subject: string | null;
  readonly debit: string;
  readonly credit: string;
  readonly balanceAfter: number;
  readonly heldAfter: number;
  readonly expiredOnReturn: number;
  readonly allocations: readonly Allocation[];
  readonly expiresAtMs: number | null;
  readonly metadata: string | null;
  readonly createdAtMs: number;
  /** What caused the entry. Tests that read or check it use the owner of a hold's credential as the actor. */
  readonly actor: string | null;
  readonly requestId: string | null;
};

/** A row of an account. */
export type AccountRow = {
  readonly account: string;
  readonly balance: number;
  readonly held: number;
  readonly sequence: number;
};

/** A row of a grant. */
export type GrantRow = {
  readonly account: string;
  readonly id: string;
  readonly amount: number;
  readonly remaining: number;
  readonly expiresAtMs: number | null;
};

/** A row of a hold. */
export type HoldRow = {
  readonly account: string;
  readonly id: string;
  /** The owner of the credential that placed it. */
  readonly owner: string;
  readonly amount: number;
  readonly state: string;
  readonly captured: number;
  readonly released: number;
  readonly expired: number;
  readonly expiresAtMs: number;
  readonly resolvedAtMs: number | null;
};

/** All rows of some accounts. */
export type Rows = {
  readonly accounts: readonly AccountRow[];
  readonly grants: readonly GrantRow[];
  readonly holds: readonly HoldRow[];
  /** Sorted by account, then by sequence. */
  readonly journal: readonly JournalRow[];
};
