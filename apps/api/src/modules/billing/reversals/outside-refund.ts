import { creditsToTake, minorUnits, type RefundFact } from "@jifen/billing";
import { ok, refuse } from "@jifen/core";
import type { EventSource, NewReversal, Payment, PaymentChange, PaymentOfOrder, Reversal } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { finishReversal } from "./finish-reversal.ts";
import { moneyAfter, moveReversal } from "./move-reversal.ts";
import { countedMinor, newOutsideReversal } from "./new-outside-reversal.ts";
import { reversibleOf } from "./payment-terms.ts";
import { followRefund } from "./return-money.ts";

/**
 * Records a refund that was made at the provider, once, and takes the credits that belong to its money as far as they are
 * there. One of ours that staff had to make there is done with it. One that is not done yet changes nothing: the provider
 * reports it again.
 */
export async function recordOutsideRefund(deps: PaymentDeps, payment: Payment, reported: Reported): Promise<void> {
  const { fact, source } = reported;
  const known = await deps.database.reversals.ofPayments(payment.userId, [payment.id]);
  const recorded = known.find(({ outsideId }) => outsideId === fact.refundId);
  if (recorded) return follow(deps, recorded, reported);
  if (fact.state !== "done") return;
  const byHand = known.find((each) => isMadeByHand(each, payment, fact));
  if (byHand) {
    // When it was changed meanwhile, the rows are read again.
    return (await bind(deps, byHand, reported)) ? undefined : recordOutsideRefund(deps, payment, reported);
  }
  const asked = await deps.database.reversals.ask(payment, (rows) => {
    const other = rows.reversals.find(({ outsideId }) => outsideId === fact.refundId);
    if (other) return refuse({ code: "KNOWN" as const });
    const amount = countedMinor(rows.payment, fact);
    const take = creditsToTake(reversibleOf(rows.payment, rows.reversals), minorUnits(amount));
    const terms = { kind: "outside", rule: "goodwill", outsideId: fact.refundId } as const;
    const reversal = newOutsideReversal(deps, rows.payment, { ...terms, amount, askedCredits: take.credits });
    return ok({ reversal, payment: changeFor(rows, reversal, reported) });
  });
  if (!asked.ok) return;
  const { reversal } = asked.value;
  deps.log.warn({ reversal: reversal.id, payment: payment.id }, "money was returned at the provider");
  await finishReversal(deps, reversal, source);
}

/** Whether it is a refund of ours of this money that a person had to make at the provider, and that nothing there is known of. */
const isMadeByHand = (
  { kind, state, outsideId, providerRef, amountMinor }: Reversal,
  payment: Payment,
  fact: RefundFact,
): boolean =>
  kind === "refund" &&
  (state === "stuck" || state === "done") &&
  outsideId === null &&
  providerRef === null &&
  amountMinor === countedMinor(payment, fact);

/** The refund at the provider is the one of ours. @returns false when it was changed meanwhile */
async function bind(deps: PaymentDeps, reversal: Reversal, { fact, source }: Reported): Promise<boolean> {
  const { isMoved } = await moveReversal(deps, reversal, {
    ...{ events: reversal.state === "stuck" ? ["done by the provider"] : [], source, onlyAsRead: true },
    set: () => ({ outsideId: fact.refundId, providerRef: fact.refundId, nextCheckMs: null }),
    details: { refundId: fact.refundId },
  });
  return isMoved;
}

type Reported = { readonly fact: RefundFact; readonly source: EventSource };

async function follow(deps: PaymentDeps, reversal: Reversal, { fact, source }: Reported): Promise<void> {
  const now = reversal.state === "asked" ? await finishReversal(deps, reversal, source) : reversal;
  if (fact.state === "failed") await followRefund(deps, now, { state: "failed", source });
}

function changeFor(
  { payment, reversals }: PaymentOfOrder & { readonly reversals: readonly Reversal[] },
  reversal: NewReversal,
  { fact, source }: Reported,
): PaymentChange {
  const { id, amountMinor, createdAtMs } = reversal;
  const details = { reversalId: id, refundId: fact.refundId, minor: fact.amount.minor, counted: amountMinor };
  return {
    set: moneyAfter(payment, [...reversals, reversal]),
    event: {
      ...{ atMs: createdAtMs, what: "outside: refunded at the provider", source, reference: payment.id },
      details: JSON.stringify(details),
    },
  };
}
