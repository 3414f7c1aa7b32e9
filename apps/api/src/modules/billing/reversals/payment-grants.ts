import { accountOf, type GrantId, grantId } from "@jifen/core";
import type { Payment, Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { givenBackKeys } from "./reversal-keys.ts";

/** The grants of a payment: what it granted, and what reversals that failed have given back. */
export type PaymentGrants = { readonly purchase: readonly GrantId[]; readonly bonus: readonly GrantId[] };

type Reads = { readonly database: Pick<PaymentDeps["database"], "history"> };

/** Finds the grants from which the credits of a payment can be taken. @param reversals all reversals of the payment */
export async function grantsOfPayment(
  { database }: Reads,
  payment: Payment,
  reversals: readonly Reversal[],
): Promise<PaymentGrants> {
  const account = accountOf(payment.userId);
  const failed = reversals.filter(({ state }) => state === "failed");
  const givenBack = async (part: "purchase" | "bonus"): Promise<readonly GrantId[]> => {
    const entries = await Promise.all(
      failed.map(({ id }) => database.history.entryByKey(account, givenBackKeys(id)[part])),
    );
    return entries.flatMap((entry) => (entry?.referenceId ? [grantId(entry.referenceId)] : []));
  };
  return {
    purchase: [grantId(payment.grantId), ...(await givenBack("purchase"))],
    bonus: [...(payment.bonusGrantId === null ? [] : [grantId(payment.bonusGrantId)]), ...(await givenBack("bonus"))],
  };
}

/** How many credits of these grants can be taken now. */
export async function remainingIn(
  { database, ledger }: Reads & Pick<PaymentDeps, "ledger">,
  { userId }: Payment,
  grants: readonly GrantId[],
): Promise<number> {
  const account = accountOf(userId);
  // Processes expirations first: an expired grant has nothing remaining.
  await ledger.balance(account);
  const found = await database.history.grantsById(account, grants);
  return found.reduce((sum, { remaining }) => sum + remaining, 0);
}
