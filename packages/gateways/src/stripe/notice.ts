import type { ForgedNotice, Notice, RawNotice } from "@jifen/billing";
import { type Outcome, ok } from "@jifen/core";
import type Stripe from "stripe";
import { forged } from "../failures.ts";
import type { StripeConfig } from "./config.ts";
import { idOf, ORDER, paymentOf } from "./facts.ts";

/** What a notice is verified with. */
export type StripeNoticeContext = {
  readonly stripe: Stripe;
  readonly config: StripeConfig;
  readonly live: boolean;
  readonly nowMs: number;
};

/** How old a notice can be. */
const TOLERANCE_SECONDS = 300;

/** The events that the endpoint at Stripe has to be subscribed to. */
export const stripeEvents = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "charge.dispute.closed",
] as const;

/** Verifies a notice with each of the secrets. It only says what to ask for: events arrive in any order. */
export function readStripeNotice(raw: RawNotice, context: StripeNoticeContext): Outcome<Notice, ForgedNotice> {
  const header = raw.headers["stripe-signature"];
  if (raw.method !== "POST" || raw.body.length === 0) return forged("malformed");
  if (!header) return forged("unsigned");
  const outcomes = context.config.webhookSecrets.map((secret) => eventOf(raw.body, { header, secret, context }));
  const event = outcomes.find((each) => typeof each !== "string");
  if (!event) return forged(outcomes.includes("time") ? "time" : "signature");
  if (event.livemode !== context.live) return forged("foreign");
  return ok(noticeOf(event, context.live));
}

type Signed = { readonly header: string; readonly secret: string; readonly context: StripeNoticeContext };

function eventOf(body: Uint8Array, { header, secret, context }: Signed): Stripe.Event | "time" | "signature" {
  const { webhooks } = context.stripe;
  try {
    return webhooks.constructEvent(body, header, secret, TOLERANCE_SECONDS, undefined, context.nowMs);
  } catch (error) {
    return error instanceof Error && error.message.includes("tolerance") ? "time" : "signature";
  }
}

const nothing: Notice = { facts: [], claims: [], look: { at: "nothing" } };

/** What an event means. Objects without our order number belong to another program of the same account. */
export function noticeOf(event: Stripe.Event, live: boolean): Notice {
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded":
    case "checkout.session.async_payment_failed":
    case "checkout.session.expired": {
      const session = event.data.object;
      const orderId = session.metadata?.[ORDER];
      if (!orderId) return nothing;
      const claim = paymentOf(session, live);
      return { facts: [], claims: claim ? [claim] : [], look: { at: "order", orderId } };
    }
    case "refund.created":
    case "refund.updated":
    case "refund.failed":
    case "charge.dispute.created":
    case "charge.dispute.updated":
    case "charge.dispute.funds_withdrawn":
    case "charge.dispute.funds_reinstated":
    case "charge.dispute.closed": {
      const txnId = idOf(event.data.object.payment_intent);
      return txnId ? { ...nothing, look: { at: "payment", txnId } } : nothing;
    }
    default:
      return nothing;
  }
}
