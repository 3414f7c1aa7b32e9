import type { Refusal } from "@jifen/contract";
import type { Order, Payment } from "@jifen/database";

/** Why staff cannot accept a payment in review. */
type Obstacle = Refusal<"NOT_ACCEPTABLE">["reason"];

/** Why staff cannot accept a payment in review, in the order of `Obstacle`; undefined when they can. */
export function obstacleTo(
  { reason, live, reversingMinor, reversedMinor, disputed }: Payment,
  order: Pick<Order, "live"> | undefined,
): Obstacle | undefined {
  // Test money never buys real credits.
  if (order?.live !== live) return "live-mode";
  if (reason === "user-deleted") return "user-deleted";
  if (reversingMinor + reversedMinor > 0) return "returning";
  return disputed ? "disputed" : undefined;
}

/** Whether one of the grants of a payment in review was made: the ledger has refused the other one. */
export const hasGranted = ({ transactionId, bonusTransactionId }: Payment): boolean =>
  transactionId !== null || bonusTransactionId !== null;
