import { createHmac, randomBytes } from "node:crypto";
import type Stripe from "stripe";
import type { Dispute, Trade } from "./books.ts";
import { type FakeCore, type FakeGateway, type FakeOptions, type FakeProtocol, startFake } from "./fake-server.ts";
import type { NoticeRequest } from "./notices.ts";
import { answerStripe, type StripeState } from "./stripe-api.ts";
import { disputeOf, refundOf, sessionOf } from "./stripe-objects.ts";
import type { Forgery } from "./switches.ts";

/** Starts a fake of Stripe's API for Checkout, refunds and disputes, in test mode. */
export const startStripe = (options?: FakeOptions): Promise<FakeGateway> =>
  startFake(stripeProtocol, { ...options, txnPrefix: "pi_" });

const hex = (): string => randomBytes(16).toString("hex");

function stripeProtocol(core: FakeCore): FakeProtocol {
  const { books, url, now } = core;
  const secret = `whsec_${hex()}`;
  const state: StripeState = {
    core,
    key: `sk_test_${hex()}`,
    replies: new Map(),
    metadata: new Map(),
    events: [],
    emit,
  };

  /** Records an event, and sends it to the endpoint of the account, if it has one. */
  function emit(type: string, trade: Trade, object: object): void {
    const event = eventOf(type, object);
    state.events.push(event as unknown as Stripe.Event);
    deliver(event, trade);
  }

  const eventOf = (type: string, object: object) => ({
    ...{ id: `evt_${hex()}`, object: "event", type, created: Math.floor(now() / 1_000), livemode: false },
    data: { object },
  });

  function deliver(event: ReturnType<typeof eventOf>, trade: Trade, forgery?: Forgery): void {
    const target = core.switches().notifyUrl.replace("{number}", trade.number);
    if (target === "") return;
    core.notices.send(
      { number: trade.number, what: event.type, make: (forged) => sign(event, { target, forged }) },
      forgery,
    );
  }

  function sign(event: object, { target, forged }: { target: string; forged: Forgery | null }): NoticeRequest {
    const body = JSON.stringify(forged === "other-mode" ? { ...event, livemode: true } : event);
    const time = Math.floor(now() / 1_000) - (forged === "old" ? 86_400 : 0);
    const signature = { "foreign-key": `whsec_${hex()}`, "empty-secret": "" }[forged as string] ?? secret;
    const algorithm = forged === "weak-algorithm" ? "sha1" : "sha256";
    const mac = createHmac(algorithm, signature).update(`${time}.${body}`).digest("hex");
    const header = `t=${time},v1=${forged === "wrong-signature" ? "0".repeat(64) : mac}`;
    return {
      ...{ method: "POST", url: target },
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        ...(forged !== "unsigned" && { "Stripe-Signature": header }),
      },
      body: forged === "changed" ? body.replace(/"amount_subtotal":\d+/, '"amount_subtotal":1') : cut(body, forged),
    };
  }

  const completed = (trade: Trade): void => emit("checkout.session.completed", trade, sessionOf(trade, url));

  const acts: Record<string, (trade: Trade, forgery?: Forgery) => string | undefined> = {
    pay: (trade) => {
      const wasPending = trade.isPending;
      // The user has done everything in time: the money can arrive after the end of the session.
      const isArriving = wasPending && !trade.isClosed && trade.payments.length === 0;
      const paid = isArriving ? books.payAgain(trade) : books.pay(trade);
      if (typeof paid === "string") return `the session is ${paid}`;
      if (!wasPending) completed(trade);
      else emit("checkout.session.async_payment_succeeded", trade, sessionOf(trade, url));
      return undefined;
    },
    pend: (trade) => {
      if (trade.isClosed || trade.isPending || trade.payments.length > 0) return "the session is not open";
      trade.isPending = true;
      completed(trade);
      return undefined;
    },
    close: (trade) => {
      if (trade.isClosed || trade.payments.length > 0) return "the session is not open";
      trade.isClosed = true;
      const type = trade.isPending ? "async_payment_failed" : "expired";
      emit(`checkout.session.${type}`, trade, sessionOf(trade, url));
      return undefined;
    },
    refund: (trade) => {
      const [payment] = trade.payments;
      if (!payment) return "the session is not paid";
      const refund = books.refund(trade, payment, { number: `dashboard-${hex()}`, amountMinor: payment.amountMinor });
      if (typeof refund === "string") return "the payment was refunded";
      refund.state = "done";
      emit("refund.created", trade, refundOf(refund, trade, {}));
      return undefined;
    },
    inquire: (trade) => {
      if (trade.payments.length === 0 || trade.dispute) return "the session is not paid, or disputed";
      moveDispute(trade, { disputeId: `du_${hex()}`, state: "inquiry", isWithdrawn: false }, ["created"]);
      return undefined;
    },
    dispute: (trade) => {
      const before = trade.dispute;
      if (trade.payments.length === 0 || (before && before.state !== "inquiry"))
        return "the session is not paid, or disputed";
      const dispute: Dispute = { disputeId: before?.disputeId ?? `du_${hex()}`, state: "open", isWithdrawn: true };
      moveDispute(trade, dispute, [before ? "updated" : "created", "funds_withdrawn"]);
      return undefined;
    },
    drop: (trade) => endDispute(trade, "dropped", ["inquiry"]),
    win: (trade) => endDispute(trade, "won", ["inquiry", "open"]),
    lose: (trade) => endDispute(trade, "lost", ["open"]),
    forge: (trade, forgery) => {
      const pretended = {
        ...trade,
        payments: [{ txnId: "pi_1", amountMinor: trade.content.amountMinor, paidAtMs: now() }],
      };
      deliver(eventOf("checkout.session.completed", sessionOf(pretended, url)), trade, forgery ?? "wrong-signature");
      return undefined;
    },
  };

  function moveDispute(trade: Trade, dispute: Dispute, events: readonly string[]): void {
    trade.dispute = dispute;
    for (const event of events) emit(`charge.dispute.${event}`, trade, disputeOf(trade, dispute));
  }

  /** @returns why it cannot end so */
  function endDispute(trade: Trade, state: Dispute["state"], from: readonly Dispute["state"][]): string | undefined {
    const before = trade.dispute;
    if (!before || !from.includes(before.state)) return "there is no such open dispute";
    const isReinstated = state === "won" && before.isWithdrawn;
    moveDispute(trade, { ...before, state }, isReinstated ? ["funds_reinstated", "closed"] : ["closed"]);
    return undefined;
  }

  return {
    settings: { STRIPE_SECRET_KEY: state.key, STRIPE_WEBHOOK_SECRET: secret, STRIPE_API_URL: url },
    forgeries: [
      ...(["unsigned", "wrong-signature", "foreign-key", "changed", "other-mode", "old"] as const),
      ...(["weak-algorithm", "empty-secret", "truncated"] as const),
    ],
    acts: ["pay", "pend", "close", "refund", "inquire", "drop", "dispute", "win", "lose", "forge"],
    acknowledges: (status) => status >= 200 && status < 300,
    answer: (request) => answerStripe(request, state),
    act: (trade, act, forgery) => acts[act]?.(trade, forgery),
  };
}

const cut = (body: string, forged: Forgery | null): string => (forged === "truncated" ? body.slice(0, -20) : body);
