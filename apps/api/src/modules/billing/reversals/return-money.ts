import { minorUnits, type RefundAtGateway, type RefundFact, type RefundRequest } from "@jifen/billing";
import type { EventSource, Order, Payment, Reversal } from "@jifen/database";
import { failureText } from "@jifen/gateways";
import type { ChannelCalls } from "../gateways/channel-calls.ts";
import { titleOf } from "../orders/title.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { failReversal } from "./give-back.ts";
import { moveReversal } from "./move-reversal.ts";
import { readRows } from "./payment-rows.ts";
import { postponeReversal } from "./postpone.ts";

/** The channel that can return this much of a payment by itself; undefined when a person has to, at the provider. */
export function refundingChannel(
  { channels }: Pick<PaymentDeps, "channels">,
  { channel: name, merchant, amountMinor }: Payment,
  minor: number,
): ChannelCalls | undefined {
  const channel = channels.get(name);
  if (channel === undefined || channel.gateway.merchant !== merchant) return;
  const { refundGapMs, canRefundParts } = channel.gateway.limits;
  return refundGapMs !== null && (canRefundParts || minor === amountMinor) ? channel : undefined;
}

/**
 * Does the next step of a reversal whose credits are taken: asks the provider to return the money, or how far it is. The
 * provider gets the same number each time, so that no repetition returns money twice.
 * @returns the reversal after the step; undefined when it waits
 */
export async function returnMoney(
  deps: PaymentDeps,
  reversal: Reversal,
  source: EventSource,
): Promise<Reversal | undefined> {
  if (isShort(reversal)) return failReversal(deps, reversal, { event: "credits missing", source });
  const rows = await readRows(deps, reversal);
  const at: Returning = { ...rows, reversal, source };
  const { gateway } = deps.channels.get(rows.payment.channel) ?? {};
  if (gateway?.merchant !== rows.payment.merchant) return stick(deps, at, "the payment channel is not set up");
  // The provider's refunds of parts could not be told apart.
  const isPart = reversal.amountMinor < rows.payment.amountMinor;
  if (isPart && !gateway.limits.canRefundParts) return stick(deps, at, "a part has to be returned at the provider");
  // It was asked for before, or has to be looked at by a person: the provider may have it.
  if (reversal.checks > 0 || reversal.state !== "taken") return lookAt(deps, at);
  return send(deps, at);
}

type Returning = {
  readonly payment: Payment;
  readonly order: Order;
  readonly reversal: Reversal;
  readonly source: EventSource;
};

const isShort = ({ state, rule, askedCredits, takenCredits }: Reversal): boolean =>
  state === "taken" && rule === "unused" && takenCredits < askedCredits;

/**
 * Asks the provider for the refund; one that it does not know is asked for again, unless a person has to. One that is stuck there
 * is asked for again when staff wants that.
 */
async function lookAt(deps: PaymentDeps, at: Returning): Promise<Reversal | undefined> {
  const { payment, reversal } = at;
  const channel = deps.channels.get(payment.channel);
  const found = await channel?.run((gateway) => gateway.findRefund(atGateway(at)));
  if (!found?.ok) {
    deps.log.warn({ reversal: reversal.id, failure: found?.refusal }, "a refund cannot be asked about");
    return void (await postponeReversal(deps, reversal));
  }
  if (found.value) {
    const { state, refundId } = found.value;
    const isRetried = state === "stuck" && reversal.state === "taken" && at.source === "staff";
    if (isRetried) return send(deps, at);
    return followRefund(deps, reversal, { state, source: at.source, providerRef: reversal.providerRef ?? refundId });
  }
  return reversal.state === "stuck" ? void (await postponeReversal(deps, reversal)) : send(deps, at);
}

/** Asks the provider to return the money. */
async function send(deps: PaymentDeps, at: Returning): Promise<Reversal | undefined> {
  const { payment, reversal, source } = at;
  const channel = refundingChannel(deps, payment, reversal.amountMinor);
  if (!channel) return stick(deps, at, "the money has to be returned at the provider");
  const waitsUntilMs = await gapEndMs(deps, at, channel.gateway.limits.refundGapMs ?? 0);
  if (deps.nowMs() < waitsUntilMs) {
    return void (await deps.database.reversals.schedule(reversal, {
      nextCheckMs: waitsUntilMs,
      checks: reversal.checks,
    }));
  }
  // From here on the provider may know it, whatever becomes of this process. Another one sends it, or has ended it, otherwise.
  if (!(await postponeReversal(deps, reversal))) return undefined;
  const asked = { ...reversal, checks: reversal.checks + 1 };
  const sent = await channel.run((gateway) => gateway.refund(requestOf(at)));
  if (sent.ok) {
    const { state, providerRef } = sent.value;
    // A provider that has no id of its own has it by our number.
    return followRefund(deps, asked, { state, source, providerRef: providerRef ?? reversal.id });
  }
  const failure = sent.refusal;
  deps.log.warn({ reversal: reversal.id, channel: payment.channel, failure }, "a refund was not accepted");
  switch (failure.code) {
    case "GATEWAY_UNAVAILABLE":
      return undefined;
    case "GATEWAY_MISCONFIGURED":
      return stick(deps, { ...at, reversal: asked }, failureText(failure));
    case "GATEWAY_REFUSED":
      return afterRefusal(deps, { ...at, reversal: asked }, failureText(failure));
    default:
      return failure satisfies never;
  }
}

/** A refusal ends a refund, unless the provider has the refund nevertheless: an earlier request made it. */
async function afterRefusal(deps: PaymentDeps, at: Returning, why: string): Promise<Reversal | undefined> {
  const { reversal, source } = at;
  const found = await deps.channels.get(at.payment.channel)?.run((gateway) => gateway.findRefund(atGateway(at)));
  if (found?.ok && found.value) {
    const { state, refundId } = found.value;
    return followRefund(deps, reversal, { state, source, why, providerRef: reversal.providerRef ?? refundId });
  }
  if (!found || (!found.ok && found.refusal.code !== "GATEWAY_REFUSED")) return undefined;
  return failReversal(deps, reversal, { event: "refused by the provider", source, why });
}

/** How far a refund is at the provider. */
type Progress = Pick<RefundFact, "state"> & {
  readonly source: EventSource;
  readonly providerRef?: string | null | undefined;
  readonly why?: string | undefined;
};

/** Moves a refund to where the provider has it. @returns the refund; undefined when it waits there */
export async function followRefund(
  deps: PaymentDeps,
  reversal: Reversal,
  { state, source, providerRef, why }: Progress,
): Promise<Reversal | undefined> {
  if (reversal.state === "failed" || reversal.state === "failing") return undefined;
  if (reversal.state === "done") {
    // Some providers take a refund back after they have called it done.
    return state === "failed"
      ? failReversal(deps, reversal, { event: "taken back by the provider", source, why })
      : undefined;
  }
  const ref = providerRef ? { providerRef } : {};
  switch (state) {
    case "done": {
      const done = { events: ["done by the provider"], source, set: () => ({ ...ref, nextCheckMs: null }) } as const;
      return (await moveReversal(deps, reversal, done)).reversal;
    }
    case "failed":
      return failReversal(deps, reversal, { event: "refused by the provider", source, why });
    case "stuck": {
      if (reversal.state !== "stuck")
        await moveReversal(deps, reversal, { events: ["abnormal at the provider"], source });
      return void (await postponeReversal(deps, (await deps.database.reversals.find(reversal)) ?? reversal));
    }
    case "pending": {
      const accepted = { events: ["accepted by the provider"], source, set: () => ref } as const;
      const now = reversal.state === "taken" ? (await moveReversal(deps, reversal, accepted)).reversal : reversal;
      return void (await postponeReversal(deps, now));
    }
    default:
      return state satisfies never;
  }
}

/** A person has to return the money, or to change something first. It is looked at all the same: the person may do it there. */
async function stick(deps: PaymentDeps, at: Returning, why: string): Promise<undefined> {
  const { reversal, source } = at;
  deps.log.error({ reversal: reversal.id, why }, "a refund waits for a person: see the review list");
  const stuck = { events: ["abnormal at the provider"], source, details: { why } } as const;
  const now = reversal.state === "stuck" ? reversal : (await moveReversal(deps, reversal, stuck)).reversal;
  await postponeReversal(deps, now);
}

/** When the provider takes the next refund of the payment. */
async function gapEndMs({ database }: PaymentDeps, { order, payment }: Returning, gapMs: number): Promise<number> {
  if (gapMs === 0) return 0;
  const events = await database.orders.events(order);
  const sent = events.filter(({ what, reference }) => reference === payment.id && SENT.test(what));
  return Math.max(0, ...sent.map(({ atMs }) => atMs + gapMs));
}

/** Events that follow directly on a request to return money. */
const SENT = /^refund: (accepted|done|refused) by the provider$/;

const atGateway = ({ reversal, payment, order }: Returning): RefundAtGateway => ({
  ...{ refundId: reversal.id, providerRef: reversal.providerRef, orderId: order.id, txnId: payment.txnId },
  paid: { minor: minorUnits(payment.amountMinor), currency: payment.currency },
});

const requestOf = ({ reversal, payment, order }: Returning): RefundRequest => ({
  ...{ reversalId: reversal.id, orderId: order.id, txnId: payment.txnId },
  amount: { minor: minorUnits(reversal.amountMinor), currency: reversal.currency },
  paid: { minor: minorUnits(payment.amountMinor), currency: payment.currency },
  reason: `退款 ${titleOf(order).zh}`,
});
