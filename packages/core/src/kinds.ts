/** The states of a hold. A hold leaves `pending` once. */
export const holdStates = ["pending", "captured", "released", "expired"] as const;

/** The state of a hold. */
export type HoldState = (typeof holdStates)[number];

/** The sources of grants. */
export const grantSources = [
  "initial",
  "purchase",
  "bonus",
  "plan",
  "code",
  "referral",
  "refund",
  "admin",
  "import",
] as const;

/** The source of a grant. */
export type GrantSource = (typeof grantSources)[number];

/** The kinds of ledger entries. */
export const entryKinds = [
  "grant",
  "consume",
  "hold",
  "extend",
  "capture",
  "release",
  "refund",
  "revoke",
  "expire",
] as const;

/** The kind of a ledger entry. */
export type EntryKind = (typeof entryKinds)[number];
