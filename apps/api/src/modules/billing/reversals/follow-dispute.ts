import type { DisputeFact, ReversalEvent } from "@jifen/billing";
import { ok, refuse } from "@jifen/core";
import type { EventSource, Payment, Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { creditPayment } from "../payments/credit-payment.ts";
import { failReversal } from "./give-back.ts";
import { moveReversal } from "./move-reversal.ts";
import { countedMinor, newOutsideReversal } from "./new-outside-reversal.ts";
import { readRows } from "./payment-rows.ts";
import { disputeOpened } from "./reversal-events.ts";
import { mostOf, takeCredits } from "./take-credits.ts";

/** A dispute as the provider has it. */
type Reported = { readonly fact: DisputeFact; readonly source: EventSource };

/**
 * Brings a dispute to where the provider has it. While it is open, the payment cannot be refunded. When the provider takes the
 * money, all credits that are left of the payment are taken; what was taken is given back when the money comes back.
 * A dispute that ended before it was heard of, without moving money in the end, changes nothing.
 */
export async function followDispute(deps: PaymentDeps, payment: Payment, { fact, source }: Reported): Promise<void> {
  const known = await deps.database.reversals.ofPayments(payment.userId, [payment.id]);
  const recorded = known.find(({ outsideId }) => outsideId === fact.disputeId);
  switch (fact.state) {
    case "inquiry":
    case "opened":
      if (!recorded) await open(deps, payment, { fact, source });
      return;
    case "withdrawn":
      await withdraw(deps, recorded ?? (await open(deps, payment, { fact, source })), source);
      return;
    case "lost":
      await lose(deps, await withdraw(deps, recorded ?? (await open(deps, payment, { fact, source })), source), source);
      return;
    case "reinstated":
    case "dropped":
      if (recorded) await end(deps, recorded, source);
      return;
    default:
      return fact.state satisfies never;
  }
}

/** Records a dispute, marks its payment, and suspends the user first where the operator wants that. */
async function open(deps: PaymentDeps, payment: Payment, { fact, source }: Reported): Promise<Reversal> {
  await deps.suspendForDispute?.(payment.userId, fact.disputeId);
  const asked = await deps.database.reversals.ask(payment, (rows) => {
    const other = rows.reversals.find(({ outsideId }) => outsideId === fact.disputeId);
    if (other) return refuse({ code: "KNOWN" as const, reversal: other });
    const terms = { kind: "dispute", rule: "all", outsideId: fact.disputeId, askedCredits: 0 } as const;
    const reversal = newOutsideReversal(deps, rows.payment, { ...terms, amount: countedMinor(rows.payment, fact) });
    const { id, createdAtMs: atMs } = reversal;
    const isInquiry = fact.state === "inquiry";
    return ok({
      reversal,
      payment: {
        set: { disputed: true },
        event: {
          ...{ atMs, what: "dispute: opened", source, reference: payment.id },
          details: JSON.stringify({ reversalId: id, disputeId: fact.disputeId, state: fact.state }),
        },
        outgoing: disputeOpened(deps, rows, { disputeId: fact.disputeId, reversalId: id, isInquiry, atMs }),
      },
    });
  });
  if (asked.ok) {
    deps.log.error({ payment: payment.id, dispute: fact.disputeId, state: fact.state }, "a payment is disputed");
    return asked.value.reversal;
  }
  if (asked.refusal.code === "KNOWN" || asked.refusal.code === "ASKED_BEFORE") return asked.refusal.reversal;
  throw new Error(`the payment ${payment.id} of a dispute is gone`);
}

/** Takes what is left of the credits, once the provider has taken the money. */
async function withdraw(deps: PaymentDeps, reversal: Reversal, source: EventSource): Promise<Reversal> {
  if (reversal.state !== "asked") return reversal;
  const { payment } = await readRows(deps, reversal);
  if (payment.state === "accepted") await creditPayment(deps, payment, source);
  const { payment: now, all } = await readRows(deps, reversal);
  // What a payment has not granted yet could not be taken: the dispute is looked at again.
  if (now.state === "accepted") return reversal;
  const most = mostOf(reversal, now, all);
  const taken = await takeCredits(deps, reversal, { payment: now, most, all });
  if (!taken.isCurrent) return (await deps.database.reversals.find(reversal)) ?? reversal;
  const { takenCredits, takenBonus } = taken.reversal;
  const moved = await moveReversal(deps, taken.reversal, {
    ...{ events: ["credits taken"], source, onlyAsRead: true, details: { takenCredits, takenBonus } },
    set: () => ({ askedCredits: most.credits, shortfall: Math.max(0, most.credits - takenCredits) }),
  });
  return moved.reversal;
}

async function lose(deps: PaymentDeps, reversal: Reversal, source: EventSource): Promise<void> {
  await moveReversal(deps, reversal, {
    ...{ events: ["done by the provider"], source },
    // What is missing is tried now, and once more when every hold of this time has ended.
    set: () => ({ checks: 0, nextCheckMs: deps.nowMs() }),
  });
}

/** The money is back, or was never taken. */
async function end(deps: PaymentDeps, reversal: Reversal, source: EventSource): Promise<void> {
  const event = endOf(reversal);
  if (event) await failReversal(deps, reversal, { event, source });
}

function endOf({
  state,
}: Reversal):
  | Extract<ReversalEvent, "dropped before money moved" | "refused by the provider" | "taken back by the provider">
  | undefined {
  switch (state) {
    case "asked":
      return "dropped before money moved";
    case "taken":
    case "sent":
    case "stuck":
      return "refused by the provider";
    case "done":
      return "taken back by the provider";
    case "failing":
    case "failed":
      return undefined;
    default:
      return state satisfies never;
  }
}
