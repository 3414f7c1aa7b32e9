import type { AccountId, Credits, Holder, HoldId, HoldState } from "@jifen/core";
import type { Allocation } from "./grant.ts";

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
  readonly allocations: readonly Allocation[];
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
