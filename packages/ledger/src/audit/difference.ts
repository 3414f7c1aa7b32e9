import type { AccountId, GrantId, HoldId, TransactionId } from "@jifen/core";

/** What can be wrong with the books of an account, each with the invariant that it breaks. */
export const differenceKinds = {
  ROWS_UNREADABLE: "M14: a row holds what no row may hold",
  ACCOUNT_MISSING: "there are rows of an account that has no row itself",
  BALANCE_DIFFERS: "M1: the balance is not what the journal adds up to",
  HELD_DIFFERS: "M1: what is held is not what the journal adds up to",
  SEQUENCE_DIFFERS: "M8: the account's number is not that of its last line",
  LINE_MISSING: "M8: a number is missing in the journal, or is there twice",
  LINE_DOES_NOT_FOLLOW: "M8: balance_after or held_after does not follow from the line before",
  LINE_MISBOOKED: "M1: a line names the wrong accounts, or an amount that its kind cannot have",
  SHARES_DIFFER: "M11: the shares of a line do not make its amount",
  BELOW_ZERO: "M2: something was below zero",
  GRANT_DIFFERS: "M11: what is left of a grant is not what the journal says",
  GRANT_OVERDRAWN: "M11: more was taken from a grant than was in it, or given back than was taken",
  GRANT_USED_AFTER_EXPIRY: "M11: credits of a grant were spent after it had expired",
  HOLD_DIFFERS: "M9: a hold's row does not say what the journal says",
  HOLD_RESOLVED_TWICE: "M9: more left a hold than it had",
  REFUND_EXCEEDS_CHARGE: "M10: more was refunded than had been charged",
  DUE_TOO_LATE: "next_due_ms is later than something that expires",
} as const;

/** The stable name of what is wrong. */
export type DifferenceKind = keyof typeof differenceKinds;

/** One thing that is wrong: where, what should be there, and what is. */
export type Difference = {
  readonly accountId: AccountId;
  readonly kind: DifferenceKind;
  /** The line, grant or hold that it is about; null when it is the account itself. */
  readonly referenceId: TransactionId | GrantId | HoldId | null;
  readonly expected: string | number | null;
  readonly found: string | number | null;
};

/** Records one difference. */
export type Note = (
  kind: DifferenceKind,
  referenceId: Difference["referenceId"],
  difference: Pick<Difference, "expected" | "found">,
) => void;
