import { isJifenError, type JifenClient } from "@jifen/client";
import type { Offer } from "./offers.ts";

/** The result of spending credits. `insufficient` has the balance and the required credits. */
export type Spending =
  | { readonly kind: "spent"; readonly balance: number; readonly transactionId: string }
  | { readonly kind: "insufficient"; readonly balance: number; readonly required: number }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/** Spends credits on an offer. The client retries with the same idempotency key, so nothing is charged twice. */
export async function spend(jifen: JifenClient, { action, amount }: Offer): Promise<Spending> {
  try {
    const { balance, transactionId } = await jifen.credits.consume.mutate({ action, amount });
    return { kind: "spent", balance, transactionId };
  } catch (error) {
    if (isJifenError(error, "INSUFFICIENT_CREDITS")) return { kind: "insufficient", ...error.details };
    if (isJifenError(error)) return { kind: "refused", code: error.code, message: error.message };
    throw error;
  }
}

/** One call for the log. */
export type LoggedCall = { readonly userId: string; readonly offer: Offer; readonly spending: Spending };

/** Records the call in the log. @returns whether it was recorded; the credits are spent either way. */
export async function writeLog(jifen: JifenClient, { userId, offer, spending }: LoggedCall): Promise<boolean> {
  const { kind, ...details } = spending;
  try {
    await jifen.logs.create.mutate({
      userId,
      action: offer.action,
      details: { amount: offer.amount, ...details },
      success: kind === "spent",
      timestamp: new Date().toISOString(),
    });
    return true;
  } catch (error) {
    if (isJifenError(error)) return false;
    throw error;
  }
}
