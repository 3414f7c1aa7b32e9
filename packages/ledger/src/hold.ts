import type { Credits } from "./credits.ts";
import type { GrantShare } from "./grant.ts";
import type { AccountId, HoldId } from "./ids.ts";

/** What can have become of a hold. Each leaves `pending` once. */
export const holdStates = ["pending", "captured", "released", "expired"] as const;

/** What has become of a hold. */
export type HoldState = (typeof holdStates)[number];

/** The kinds of callers that set credits aside; only the same kind may resolve what it placed. */
export const holders = ["user", "service"] as const;

/** A kind of caller that sets credits aside. */
export type Holder = (typeof holders)[number];

/** Credits set aside for a job. Once resolved: `captured + released + expired = amount`. */
export type Hold = {
  readonly id: HoldId;
  readonly accountId: AccountId;
  readonly placedBy: Holder;
  readonly action: string;
  /** JSON text with sorted keys; null when there is none. */
  readonly metadata: string | null;
  readonly amount: Credits;
  /** What it took from which grants, in spending order. */
  readonly shares: readonly GrantShare[];
  readonly state: HoldState;
  /** What was charged. */
  readonly captured: Credits;
  /** What its caller freed. */
  readonly released: Credits;
  /** What time freed. */
  readonly expired: Credits;
  /** From this moment on it is free: a lost worker never charges a customer. */
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  readonly resolvedAtMs: number | null;
};
