import { SHORTFALL_RETRY_MS } from "@jifen/billing";
import type { EventSource, Payment, Reversal } from "@jifen/database";
import { isInfrastructureError, Overloaded } from "@jifen/ledger";
import type { PaymentDeps } from "../payment-deps.ts";
import { creditPayment } from "../payments/credit-payment.ts";
import { giveBackCredits } from "./give-back.ts";
import { moveReversal } from "./move-reversal.ts";
import { grantsOfPayment, remainingIn } from "./payment-grants.ts";
import { readRows } from "./payment-rows.ts";
import { postponeReversal } from "./postpone.ts";
import { returnMoney } from "./return-money.ts";
import { mostOf, takeCredits } from "./take-credits.ts";

/** More than the longest way of a reversal. */
const MOST_STEPS = 12;

/**
 * Does what is due of a refund, or of a refund that was made at the provider, step by step, until it is final or has to wait:
 * takes the credits, then returns the money. Every step can be repeated by any process. What cannot be done now is due later.
 */
export async function finishReversal(deps: PaymentDeps, reversal: Reversal, source: EventSource): Promise<Reversal> {
  let now = reversal;
  try {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const next = await stepOf(deps, now, source);
      if (next === undefined) return (await deps.database.reversals.find(now)) ?? now;
      now = next;
    }
  } catch (error) {
    if (!isInfrastructureError(error) && !(error instanceof Overloaded)) throw error;
    deps.log.warn({ err: error, reversal: now.id }, "a reversal will be finished later");
  }
  await postponeReversal(deps, now).catch(() => undefined);
  return now;
}

/** @returns the reversal after its next step; undefined when it is final or waits */
async function stepOf(deps: PaymentDeps, reversal: Reversal, source: EventSource): Promise<Reversal | undefined> {
  switch (reversal.state) {
    case "asked":
      return takeAll(deps, reversal, source);
    case "taken":
    case "sent":
    case "stuck":
      return returnMoney(deps, reversal, source);
    case "failing": {
      const now = await giveBackCredits(deps, reversal, source);
      return now.state === "failing" ? void (await postponeReversal(deps, now)) : now;
    }
    case "done":
    case "failed":
      return undefined;
    default:
      return reversal.state satisfies never;
  }
}

/** Takes the credits of a reversal. Afterwards its money can be returned; that of an outside one is returned already. */
async function takeAll(deps: PaymentDeps, reversal: Reversal, source: EventSource): Promise<Reversal | undefined> {
  const { payment, all } = await readRows(deps, reversal);
  if (payment.state === "accepted") {
    // What it grants is taken afterwards: a grant that is still to come would not be.
    await creditPayment(deps, payment, source);
    const credited = await deps.database.payments.find(payment);
    if (credited?.state !== "accepted") return reversal;
    return void (await postponeReversal(deps, reversal));
  }
  const most = mostOf(reversal, payment, all);
  // Then nothing more is taken, and no money is sent.
  const isMissing = reversal.rule === "unused" && (await isShort(deps, reversal, { payment, all, most: most.credits }));
  const taken = isMissing ? asItIs(reversal) : await takeCredits(deps, reversal, { payment, most, all });
  if (!taken.isCurrent) return (await deps.database.reversals.find(reversal)) ?? undefined;
  const isOutside = reversal.kind === "outside";
  const { takenCredits, takenBonus } = taken.reversal;
  const moved = await moveReversal(deps, taken.reversal, {
    ...{ events: isOutside ? ["credits taken", "done by the provider"] : ["credits taken"], source, onlyAsRead: true },
    set: () => (isOutside ? shortfallOf(reversal, most.credits - takenCredits) : {}),
    details: { takenCredits, takenBonus },
  });
  return moved.reversal;
}

const asItIs = (reversal: Reversal) => ({ reversal, isCurrent: true });

/** What could not be taken is tried once more. */
const shortfallOf = ({ createdAtMs }: Reversal, shortfall: number) => ({
  ...{ shortfall, checks: 1 },
  nextCheckMs: shortfall > 0 ? createdAtMs + SHORTFALL_RETRY_MS : null,
});

/** Whether the credits that belong to the money are no longer there, because the user has spent them meanwhile. */
async function isShort(
  deps: PaymentDeps,
  reversal: Reversal,
  { payment, all, most }: { readonly payment: Payment; readonly all: readonly Reversal[]; readonly most: number },
): Promise<boolean> {
  const { purchase } = await grantsOfPayment(deps, payment, all);
  return (await remainingIn(deps, payment, purchase)) < most - reversal.takenCredits;
}
