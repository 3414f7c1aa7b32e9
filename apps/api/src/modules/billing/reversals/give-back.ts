import type { ReversalEvent } from "@jifen/billing";
import { accountOf, credits, type GrantSource, grantId } from "@jifen/core";
import type { EventSource, Payment, Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { moveReversal } from "./move-reversal.ts";
import { givenBackKeys } from "./reversal-keys.ts";

type GiveDeps = Pick<PaymentDeps, "database" | "ledger" | "newId" | "nowMs" | "log">;

/** Why a reversal fails. */
export type Failure = {
  readonly event: Extract<
    ReversalEvent,
    "credits missing" | "dropped before money moved" | "refused by the provider" | "taken back by the provider"
  >;
  readonly source: EventSource;
  readonly why?: string | undefined;
};

/**
 * Ends a reversal that returns no money. That is noted first, so that nothing more is sent or taken for it whatever becomes of
 * this process; then its credits are given back. It can be repeated.
 * @returns the reversal, which has failed unless its credits cannot be given back now
 */
export async function failReversal(
  deps: GiveDeps,
  reversal: Reversal,
  { event, source, why }: Failure,
): Promise<Reversal> {
  const set = () => ({ shortfall: 0, checks: 0, nextCheckMs: deps.nowMs() + GIVE_BACK_MS });
  const { reversal: now } = await moveReversal(deps, reversal, { events: [event], source, set, details: { why } });
  return now.state === "failing" ? giveBackCredits(deps, now, source) : now;
}

/** How long the process that ends a reversal has to give its credits back, before the background job does. */
const GIVE_BACK_MS = 15_000;

/**
 * Gives back exactly what a failing reversal took, with the same priority and expiry, once for ever. Credits that have expired
 * meanwhile stay away. It can be repeated.
 * @returns the reversal, which has failed unless its credits cannot be given back now
 */
export async function giveBackCredits(deps: GiveDeps, reversal: Reversal, source: EventSource): Promise<Reversal> {
  const payment = await deps.database.payments.find({ userId: reversal.userId, id: reversal.paymentId });
  if (!payment) throw new Error(`the payment of reversal ${reversal.id} is gone`);
  const purchase = await giveBack(deps, reversal, { payment, part: "purchase" });
  const bonus = purchase.isSettled ? await giveBack(deps, reversal, { payment, part: "bonus" }) : purchase;
  if (!bonus.isSettled) {
    deps.log.error(
      { reversal: reversal.id },
      "credits of a failed reversal cannot be given back: the balance is too high",
    );
    return reversal;
  }
  const { reversal: failed } = await moveReversal(deps, reversal, {
    ...{ events: ["credits given back"], source, set: () => ({ nextCheckMs: null }) },
    details: { givenBack: purchase.amount, bonusGivenBack: bonus.amount },
  });
  return failed;
}

type Part = { readonly payment: Payment; readonly part: Extract<GrantSource, "purchase" | "bonus"> };

/** @returns how much was given back, and whether there is no more to do */
async function giveBack(
  { ledger, newId }: GiveDeps,
  { id, takenCredits, takenBonus, kind }: Reversal,
  { payment, part }: Part,
): Promise<{ readonly amount: number; readonly isSettled: boolean }> {
  const isBonus = part === "bonus";
  const amount = isBonus ? takenBonus : takenCredits;
  if (amount === 0) return { amount, isSettled: true };
  const outcome = await ledger.grant({
    ...{ actor: "system", requestId: null, accountId: accountOf(payment.userId) },
    ...{ idempotencyKey: givenBackKeys(id)[part], grantId: grantId(newId("grant")), amount: credits(amount) },
    ...{ source: part, priority: payment.priority, reason: `${kind}-back:${payment.orderId}` },
    expiresAtMs: isBonus ? payment.bonusExpiresAtMs : payment.expiresAtMs,
  });
  if (outcome.ok) return { amount, isSettled: true };
  return { amount: 0, isSettled: outcome.refusal.code === "EXPIRY_PASSED" };
}
