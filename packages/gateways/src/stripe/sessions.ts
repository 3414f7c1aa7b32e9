import type { FromGateway, OrderAtGateway, PaymentRequest, Trade } from "@jifen/billing";
import { ok } from "@jifen/core";
import type Stripe from "stripe";
import { orderMisconfigured, refusedBy, unavailable } from "../failures.ts";
import type { StripeConfig } from "./config.ts";
import { disputeOf, ORDER, paymentOf, refundOf, sharesOf } from "./facts.ts";
import { isInvalid, isMissing, stripeFailure } from "./stripe-failure.ts";

/** What the calls of this adapter need. */
export type StripeCall = { readonly stripe: Stripe; readonly config: StripeConfig; readonly live: boolean };

const MINUTE_MS = 60_000;
/** Stripe wants at least 30 minutes from the moment in which it hears of a session: so long can `create` be repeated. */
const MARGIN_MS = 10 * MINUTE_MS;
const EXPAND = ["payment_intent.latest_charge"];
/** Of a session whose id was not stored: how far its time can be from the order's, and how many are looked at. */
const SEARCH_MS = 15 * MINUTE_MS;
const SEARCH_LIMIT = 500;

/** Makes a session. Its idempotency key is the order number. */
export async function createSession({ stripe, config }: StripeCall, request: PaymentRequest) {
  const metadata = { [ORDER]: request.orderId };
  const { minor, currency } = request.amount;
  try {
    const session = await stripe.checkout.sessions.create(
      {
        mode: "payment",
        client_reference_id: request.orderId,
        line_items: [
          {
            quantity: 1,
            price_data: { currency: currency.toLowerCase(), unit_amount: minor, product_data: { name: request.title } },
          },
        ],
        metadata,
        payment_intent_data: { metadata },
        expires_at: Math.ceil((request.expiresAtMs + MARGIN_MS) / 1_000),
        success_url: request.returnUrl,
        cancel_url: request.returnUrl,
        ...(config.hasTax && { automatic_tax: { enabled: true } }),
        ...(config.hasInvoices && { invoice_creation: { enabled: true } }),
      },
      { idempotencyKey: request.orderId },
    );
    if (!session.url) return refusedBy("NOTHING_PAYABLE", "the session has no address");
    return ok({ kind: "redirect", text: session.url, providerRef: session.id } as const);
  } catch (error) {
    return stripeFailure(error);
  }
}

/** The session of an order as Stripe has it; undefined when it has none. @throws errors of the SDK */
async function sessionOf({ stripe }: StripeCall, order: OrderAtGateway): Promise<Stripe.Checkout.Session | undefined> {
  if (order.providerRef) return await stripe.checkout.sessions.retrieve(order.providerRef, { expand: EXPAND });
  const created = {
    gte: Math.floor((order.createdAtMs - SEARCH_MS) / 1_000),
    lte: Math.ceil((order.createdAtMs + SEARCH_MS) / 1_000),
  };
  const sessions = stripe.checkout.sessions.list({ created, limit: 100 });
  const found = await sessions.autoPagingToArray({ limit: SEARCH_LIMIT });
  const session = found.find((each) => each.client_reference_id === order.orderId);
  return session && (await stripe.checkout.sessions.retrieve(session.id, { expand: EXPAND }));
}

/** Asks for an order, its refunds and its dispute. */
export async function findSession(call: StripeCall, order: OrderAtGateway): FromGateway<Trade> {
  try {
    const session = await sessionOf(call, order);
    return session ? await tradeOf(call, order, session) : ok({ state: "absent", facts: [], reversals: [] });
  } catch (error) {
    return stripeFailure(error);
  }
}

/** The order number that a payment intent carries; undefined when another program of the account has made it. */
export async function orderOfIntent({ stripe }: StripeCall, id: string): FromGateway<string | undefined> {
  try {
    const { metadata } = await stripe.paymentIntents.retrieve(id);
    return ok(metadata[ORDER] || undefined);
  } catch (error) {
    // One that this account does not have was made by no order of it.
    return isMissing(error) ? ok(undefined) : stripeFailure(error);
  }
}

/** Ends a session. One that was paid meanwhile cannot be ended: then its payment is the answer. */
export async function closeSession(call: StripeCall, order: OrderAtGateway): FromGateway<Trade> {
  try {
    const session = await sessionOf(call, order);
    if (!session) return ok({ state: "absent", facts: [], reversals: [] });
    if (session.status === "open") await expire(call, session.id);
  } catch (error) {
    return stripeFailure(error);
  }
  return await findSession(call, order);
}

async function expire({ stripe }: StripeCall, id: string): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(id);
  } catch (error) {
    if (!isInvalid(error)) throw error;
  }
}

async function tradeOf(call: StripeCall, order: OrderAtGateway, session: Stripe.Checkout.Session): FromGateway<Trade> {
  if (session.metadata?.[ORDER] !== order.orderId) return orderMisconfigured("the session belongs to another order");
  const fact = paymentOf(session, call.live);
  if (fact) return ok({ state: "closed", facts: [fact], reversals: await reversalsOf(call, session, fact.txnId) });
  if (session.payment_status === "paid") return unavailable("the payment of the session cannot be read");
  return ok({ state: isStillPayable(session) ? "open" : "closed", facts: [], reversals: [] });
}

/** A complete session without money waits for it, until its payment intent says that none will come. */
function isStillPayable({ status, payment_intent: intent }: Stripe.Checkout.Session): boolean {
  if (status === "expired") return false;
  if (status !== "complete" || !intent || typeof intent === "string") return true;
  return intent.status !== "canceled" && intent.status !== "requires_payment_method";
}

async function reversalsOf({ stripe }: StripeCall, session: Stripe.Checkout.Session, paymentIntent: string) {
  const shares = sharesOf(session);
  const refunds = await stripe.refunds.list({ payment_intent: paymentIntent, limit: 100 });
  const disputes = await stripe.disputes.list({ payment_intent: paymentIntent, limit: 100 });
  return [
    ...refunds.data.flatMap((refund) => refundOf(refund, shares) ?? []),
    ...disputes.data.flatMap((dispute) => disputeOf(dispute) ?? []),
  ];
}
