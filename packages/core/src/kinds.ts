/** What can have become of a hold. Each leaves `pending` once. */
export const holdStates = ["pending", "captured", "released", "expired"] as const;

/** What has become of a hold. */
export type HoldState = (typeof holdStates)[number];

/** The kinds of callers that set credits aside; only the same kind may resolve what it placed. */
export const holders = ["user", "service"] as const;

/** A kind of caller that sets credits aside. */
export type Holder = (typeof holders)[number];

/** Where credits came from. */
export const grantSources = ["initial", "purchase", "plan", "code", "referral", "refund", "admin", "import"] as const;

/** Where a grant's credits came from. */
export type GrantSource = (typeof grantSources)[number];

/** What can happen to an account. */
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

/** What a transaction did. */
export type EntryKind = (typeof entryKinds)[number];
