import type { AccountId, Credits, Holder, HoldId, HoldState } from "@jifen/core";
import type { Allocation } from "./grant.ts";

/** A hold: credits reserved for a job. Once it is resolved, `captured + released + expired = amount` (M9). */
export type Hold = {
  readonly id: HoldId;
  readonly accountId: AccountId;
  /** Only the same owner can resolve the hold. */
  readonly placedBy: Holder;
  readonly action: string;
  /** JSON text with sorted keys; null without metadata. */
  readonly metadata: string | null;
  readonly amount: Credits;
  /** The grants that it took from, in spending order. */
  readonly allocations: readonly Allocation[];
  readonly state: HoldState;
  /** The charged amount. */
  readonly captured: Credits;
  /** The amount that was released by its caller, or by a partial capture. */
  readonly released: Credits;
  /** The amount that was released because the hold expired. */
  readonly expired: Credits;
  /** At this time the hold is released: a lost worker never charges a customer. */
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  readonly resolvedAtMs: number | null;
};
