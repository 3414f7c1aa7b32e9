import { isJifenError, type JifenClient } from "@jifen/client";
import type { Offer } from "./offers.ts";

/** What became of a wish to spend. A refusal for lack of credits knows how many there are and how many it takes. */
export type Spending =
  | { readonly kind: "spent"; readonly balance: number; readonly transactionId: string }
  | { readonly kind: "insufficient"; readonly balance: number; readonly required: number }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/** Spends credits on an offer. The client repeats what may be repeated, under one key: nothing is charged twice. */
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

/** One call, as it goes into the log. */
export type LoggedCall = { readonly userId: string; readonly offer: Offer; readonly spending: Spending };

/** Writes the call into the log. @returns whether it is there; the credits are spent either way */
export async function writeLog(jifen: JifenClient, { userId, offer, spending }: LoggedCall): Promise<boolean> {
  const { kind, ...facts } = spending;
  try {
    await jifen.logs.create.mutate({
      userId,
      action: offer.action,
      details: { amount: offer.amount, ...facts },
      success: kind === "spent",
      timestamp: new Date().toISOString(),
    });
    return true;
  } catch (error) {
    if (isJifenError(error)) return false;
    throw error;
  }
}
