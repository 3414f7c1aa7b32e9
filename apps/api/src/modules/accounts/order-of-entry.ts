import type { UserId } from "@jifen/core";
import type { Database } from "@jifen/database";
import type { Entry } from "@jifen/ledger";
import { isPaymentGrant } from "../billing/audit/payment-differences.ts";
import { isReversalEntry } from "../billing/audit/reversal-differences.ts";
import { reversalIdIn } from "../billing/reversals/reversal-keys.ts";

/** The order whose payment was credited or returned by an entry; null if there is none. */
export async function orderIdOf(
  { payments, reversals }: Pick<Database, "payments" | "reversals">,
  userId: UserId,
  entry: Entry,
): Promise<string | null> {
  if (isPaymentGrant(entry)) return entry.action.replace(/^order:/, "");
  if (!isReversalEntry(entry)) return null;
  const reversal = await reversals.find({ userId, id: reversalIdIn(entry.idempotencyKey) });
  const payment = reversal && (await payments.find({ userId, id: reversal.paymentId }));
  return payment?.orderId ?? null;
}
