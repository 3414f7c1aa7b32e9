import { nextReversalCheck } from "@jifen/billing";
import type { Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";

/**
 * Sets when a reversal is looked at again: later each time. One that is final is not.
 * @returns whether it was set: otherwise another process has changed it, or looks at it
 */
export async function postponeReversal(
  { database, nowMs }: Pick<PaymentDeps, "database" | "nowMs">,
  reversal: Reversal,
): Promise<boolean> {
  if (reversal.state === "done" || reversal.state === "failed") return false;
  const checks = reversal.checks + 1;
  return database.reversals.schedule(reversal, { checks, nextCheckMs: nextReversalCheck(checks, nowMs()) });
}
