import { bonusToTake } from "@jifen/billing";
import { accountOf, credits, type GrantId } from "@jifen/core";
import { type Payment, type Reversal, takenFor } from "@jifen/database";
import { ExtraWriteConflict } from "@jifen/ledger";
import type { PaymentDeps } from "../payment-deps.ts";
import { grantsOfPayment } from "./payment-grants.ts";
import { countedInOrder, othersOf, reversibleOf } from "./payment-terms.ts";
import { takingKey } from "./reversal-keys.ts";

type TakeDeps = Pick<PaymentDeps, "database" | "ledger">;

/** The most that a reversal takes. */
export type Most = { readonly credits: number; readonly bonus: number };

/** The reversal with what it has taken. `isCurrent`: no other process has changed it meanwhile. */
export type Taken = { readonly reversal: Reversal; readonly isCurrent: boolean };

/** What a reversal takes by its rule, as far as it is there. @param all all reversals of the payment */
export function mostOf(reversal: Reversal, payment: Payment, all: readonly Reversal[]): Most {
  const others = reversibleOf(payment, othersOf(reversal, all));
  switch (reversal.rule) {
    case "keep":
      return { credits: 0, bonus: 0 };
    case "all":
      return {
        credits: Math.max(0, others.credits - others.takenCredits),
        bonus: Math.max(0, others.bonusCredits - others.takenBonus),
      };
    case "unused":
    case "goodwill": {
      const { counted, at } = countedInOrder(reversal, all);
      return { credits: reversal.askedCredits, bonus: bonusToTake(others, counted, at) };
    }
    default:
      return reversal.rule satisfies never;
  }
}

/**
 * Takes credits for a reversal from the grants of its payment, up to `most`. Each taking is noted on the reversal in the
 * transaction of the ledger, so that a crash, a retry or another process never takes anything twice.
 */
export async function takeCredits(
  deps: TakeDeps,
  reversal: Reversal,
  { payment, most, all }: { readonly payment: Payment; readonly most: Most; readonly all: readonly Reversal[] },
): Promise<Taken> {
  const grants = await grantsOfPayment(deps, payment, all);
  const taking = { payment, field: "takenCredits", most: most.credits, grants: grants.purchase } as const;
  const purchase = await takeFrom(deps, reversal, taking);
  if (!purchase.isCurrent) return purchase;
  return takeFrom(deps, purchase.reversal, { payment, field: "takenBonus", most: most.bonus, grants: grants.bonus });
}

type Taking = {
  readonly payment: Payment;
  readonly field: "takenCredits" | "takenBonus";
  readonly most: number;
  readonly grants: readonly GrantId[];
};

async function takeFrom(deps: TakeDeps, reversal: Reversal, { payment, field, most, grants }: Taking): Promise<Taken> {
  let now = reversal;
  for (const grantId of grants) {
    const amount = most - now[field];
    if (amount <= 0) break;
    const taken = await takeOnce(deps, now, { payment, field, amount, grantId });
    if (taken === undefined) return { reversal: now, isCurrent: false };
    now = taken;
  }
  return { reversal: now, isCurrent: true };
}

/** @returns the reversal with what was taken; undefined when another process has changed it */
async function takeOnce(
  { ledger }: TakeDeps,
  reversal: Reversal,
  taking: Pick<Taking, "payment" | "field"> & { readonly amount: number; readonly grantId: GrantId },
): Promise<Reversal | undefined> {
  const { payment, field, amount, grantId } = taking;
  const withTaken = (taken: number) => ({
    [field]: reversal[field] + taken,
    // What a later attempt takes is no longer missing.
    shortfall: field === "takenCredits" ? Math.max(0, reversal.shortfall - taken) : reversal.shortfall,
  });
  try {
    const outcome = await ledger.revoke({
      ...{ accountId: accountOf(payment.userId), idempotencyKey: takingKey(reversal), grantId, atMost: true },
      ...{ actor: reversal.madeBy, requestId: null, amount: credits(amount) },
      reason: `${reversal.kind}:${payment.orderId}`,
      extra: (entry) => ({ changes: [takenFor(reversal, withTaken(entry.amount))] }),
    });
    if (outcome.ok) {
      return { ...reversal, ...withTaken(outcome.value.entry.amount), revision: reversal.revision + 1 };
    }
    // Nothing is left in this grant.
    return outcome.refusal.code === "IDEMPOTENCY_KEY_REUSED" ? undefined : reversal;
  } catch (error) {
    if (error instanceof ExtraWriteConflict) return undefined;
    throw error;
  }
}
