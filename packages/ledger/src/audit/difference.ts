import type { AccountId, GrantId, HoldId, TransactionId } from "@jifen/core";

/** The kinds of differences, each with the invariant of docs/invariants.md that it breaks. */
export const differenceKinds = {
  ROWS_UNREADABLE: "M14: a row has a value that is not valid for its column",
  ACCOUNT_MISSING: "M1: there are rows of an account that has no account row",
  BALANCE_DIFFERS: "M1: the balance is not the sum of the entries",
  HELD_DIFFERS: "M1: the held credits are not the sum of the entries",
  SEQUENCE_DIFFERS: "M8: the account's sequence is not the number of its last entry",
  ENTRY_MISSING: "M8: a number is missing among the entries, or exists twice",
  ENTRY_DOES_NOT_FOLLOW: "M8: balance_after or held_after does not follow from the entry before",
  ENTRY_MISPOSTED: "M1: an entry has the wrong accounts, or an amount that its kind cannot have",
  ALLOCATIONS_DIFFER: "M11: the allocations of an entry do not sum up to its amount",
  BELOW_ZERO: "M2: a balance or the held credits were negative",
  GRANT_DIFFERS: "M11: the rest of a grant does not follow from the entries",
  GRANT_OVERDRAWN: "M11: more was taken from a grant than it had, or more was returned than was taken",
  GRANT_USED_AFTER_EXPIRY: "M11: credits of a grant were spent after its expiry",
  HOLD_DIFFERS: "M9: a hold does not follow from the entries",
  HOLD_RESOLVED_TWICE: "M9: more was captured and released from a hold than it had",
  REFUND_EXCEEDS_CHARGE: "M10: more was refunded than charged",
  NEXT_EXPIRY_TOO_LATE: "M11: next_due_ms is later than the expiry of a grant or a pending hold",
} as const;

/** The stable code of a difference. */
export type DifferenceKind = keyof typeof differenceKinds;

/** A difference: where, the expected value, and the value found. */
export type Difference = {
  readonly accountId: AccountId;
  readonly kind: DifferenceKind;
  /** The entry, grant or hold that differs; null for the account itself. */
  readonly referenceId: TransactionId | GrantId | HoldId | null;
  readonly expected: string | number | null;
  readonly found: string | number | null;
};

/** Records one difference. */
export type ReportDifference = (
  kind: DifferenceKind,
  referenceId: Difference["referenceId"],
  difference: Pick<Difference, "expected" | "found">,
) => void;
