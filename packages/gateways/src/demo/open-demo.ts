import {
  type Currency,
  type FromGateway,
  type Gateway,
  type GatewayLimits,
  minorUnits,
  type Payable,
  type PaymentFact,
  type PaymentRequest,
  type RefundFact,
  type RefundRequest,
  type Trade,
} from "@jifen/billing";
import { ok } from "@jifen/core";
import { checkRequest } from "../check-request.ts";
import { forged, refusedBy } from "../failures.ts";
import { type GatewayOptions, withDefaults } from "../options.ts";
import { reversalIdOf } from "../reversal-number.ts";
import { stripeCurrencies } from "../stripe/config.ts";
import { changeTrade } from "./change-trade.ts";
import { canBePaid, type DemoRefund, type DemoTrade, type DemoTrades, refundOf, toDemoTrade } from "./trade.ts";

const MINUTE_MS = 60_000;

const account = { channel: "demo", merchant: "demo", live: false } as const;

/** Yuan and dollars first: the first currency that a pack has is its price in this channel. */
const sold = [...new Set<Currency>(["CNY", "USD", ...stripeCurrencies])];

const limits: GatewayLimits = {
  currencies: sold.map((currency) => ({ currency, minMinor: minorUnits(1), maxMinor: minorUnits(100_000_000) })),
  methods: ["page", "qr"],
  ...{ shortestMs: MINUTE_MS, longestMs: 24 * 60 * MINUTE_MS },
  ...{ canClose: true, refundGapMs: 0, canRefundParts: true },
};

/**
 * Opens the channel for trying Jifen out: no money moves, the provider is a table of the own database, and a person pays with a
 * click on a page of this server. Its calls reject as the table does when the database cannot be reached.
 */
export function openDemo(trades: DemoTrades, options: GatewayOptions = {}): Gateway {
  const { now } = withDefaults(options);
  return {
    ...account,
    limits,
    create: (request) => create(trades, request),
    find: async ({ orderId }) => {
      const row = await trades.find(orderId);
      return ok(row ? toTrade(toDemoTrade(row), now()) : absent);
    },
    close: async ({ orderId }) => {
      const nowMs = now();
      const closed = await changeTrade(trades, orderId, (trade) =>
        ok(canBePaid(trade, nowMs) ? { closedAtMs: nowMs } : undefined),
      );
      return ok(closed.ok ? toTrade(closed.value, nowMs) : absent);
    },
    // The page is of this server and reports a payment itself: nothing else can prove one.
    readNotice: () => forged("unsigned"),
    answer: (verdict) => ({ status: verdict === "recorded" ? 200 : 400, type: "text/plain", body: verdict }),
    refund: (request) => refund(trades, request),
    findRefund: async ({ orderId, refundId }) => {
      const row = await trades.find(orderId);
      const trade = row && toDemoTrade(row);
      const made = trade?.refunds.find(({ number }) => number === refundId);
      return ok(trade && made ? toRefundFact(trade, made) : undefined);
    },
    examine: async () => [{ check: "keys", isGood: true, details: "a demonstration: no money moves" }],
  };
}

const absent: Trade = { state: "absent", facts: [], reversals: [] };

/** The page is beside the address of notices, on the same server. */
async function create(trades: DemoTrades, request: PaymentRequest): FromGateway<Payable> {
  const checked = checkRequest(request, limits);
  if (!checked.ok) return checked;
  const { orderId: id, amount, title, method, returnUrl, createdAtMs, expiresAtMs, notifyUrl } = request;
  const asked = { amountMinor: amount.minor, currency: amount.currency, title, method };
  const trade = await trades.open({ id, ...asked, returnUrl, createdAtMs, expiresAtMs });
  const isSame = trade.amountMinor === asked.amountMinor && trade.currency === asked.currency;
  if (!isSame) return refusedBy("CONTENT", "the number belongs to an order with another amount");
  const kind = method === "qr" ? "qr" : "redirect";
  return ok({ kind, text: new URL(`pay/${id}`, notifyUrl).href, providerRef: null });
}

function toTrade(trade: DemoTrade, nowMs: number): Trade {
  const { id: orderId, currency, payments, refunds } = trade;
  const facts = payments.map(
    ({ txnId, amountMinor, paidAtMs }): PaymentFact => ({
      ...{ ...account, orderId, txnId, amount: { minor: minorUnits(amountMinor), currency }, paidAtMs },
    }),
  );
  const state = canBePaid(trade, nowMs) ? "open" : "closed";
  return { state, facts, reversals: refunds.map((each) => toRefundFact(trade, each)) };
}

const toRefundFact = ({ currency }: DemoTrade, { number, txnId, amountMinor }: DemoRefund): RefundFact => ({
  ...{ kind: "refund", refundId: number, reversalId: reversalIdOf(number), txnId },
  ...{ amount: { minor: minorUnits(amountMinor), currency }, state: "done" },
});

async function refund(trades: DemoTrades, { reversalId, orderId, txnId, amount }: RefundRequest) {
  const wanted = { number: reversalId, txnId, amountMinor: amount.minor };
  const made = await changeTrade(trades, orderId, (trade) => refundOf(trade, wanted));
  if (!made.ok) return refusedBy("NOT_REFUNDABLE", "no payment of the trade has so much left");
  return ok({ state: "done", providerRef: reversalId } as const);
}
