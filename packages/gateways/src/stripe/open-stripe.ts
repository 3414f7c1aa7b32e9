import { type Gateway, type GatewayFinding, type GatewayLimits, minorUnits } from "@jifen/billing";
import Stripe from "stripe";
import { checkRequest } from "../check-request.ts";
import { clockFinding } from "../clock-finding.ts";
import { failureFinding } from "../failures.ts";
import { type GatewayOptions, withDefaults } from "../options.ts";
import { isLiveKey, type StripeConfig, stripeMinimum } from "./config.ts";
import { readStripeNotice } from "./notice.ts";
import { recentEvents } from "./recent.ts";
import { createRefund, findRefund } from "./refunds.ts";
import { closeSession, createSession, findSession, orderOfIntent, type StripeCall } from "./sessions.ts";
import { stripeFailure } from "./stripe-failure.ts";

const MINUTE_MS = 60_000;
const MAX_MINOR = 99_999_999;

/** Opens a Stripe account. Makes no request. */
export function openStripe(config: StripeConfig, options: GatewayOptions = {}): Gateway {
  const { timeoutMs } = withDefaults(options);
  const live = isLiveKey(config.secretKey);
  const stripe = new Stripe(config.secretKey, {
    ...{ timeout: timeoutMs, maxNetworkRetries: 0, telemetry: false, ...addressOf(config.apiUrl) },
  });
  const call: StripeCall = { stripe, config, live };
  const limits: GatewayLimits = {
    currencies: config.currencies.map((currency) => ({
      ...{ currency, minMinor: minorUnits(stripeMinimum(currency)), maxMinor: minorUnits(MAX_MINOR) },
    })),
    methods: ["checkout"],
    ...{ shortestMs: 30 * MINUTE_MS, longestMs: 23 * 60 * MINUTE_MS },
    ...{ canClose: true, refundGapMs: 0, canRefundParts: true },
  };
  return {
    ...{ channel: "stripe", merchant: live ? "live" : "test", live, limits },
    create: async (request) => {
      const checked = checkRequest(request, limits);
      return checked.ok ? createSession(call, request) : checked;
    },
    find: (order) => findSession(call, order),
    close: (order) => closeSession(call, order),
    readNotice: (raw, nowMs) => readStripeNotice(raw, { stripe, config, live, nowMs }),
    answer: (verdict) => {
      const status = { recorded: 200, forged: 400, "unknown-order": 503, unavailable: 503 }[verdict];
      return { status, type: "text/plain", body: verdict };
    },
    refund: (request) => createRefund(call, request),
    findRefund: (refund) => findRefund(call, refund),
    orderOf: (txnId) => orderOfIntent(call, txnId),
    recent: (cursor) => recentEvents(call, cursor),
    examine: (nowMs) => examine(stripe, nowMs),
  };
}

/** Stripe's own address unless another one is set. */
function addressOf(apiUrl: string | undefined) {
  if (apiUrl === undefined) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  const isPlain = protocol === "http:";
  return { host: hostname, port: port || (isPlain ? 80 : 443), protocol: isPlain ? "http" : "https" } as const;
}

async function examine(stripe: Stripe, nowMs: number): Promise<readonly GatewayFinding[]> {
  try {
    const account = await stripe.accounts.retrieveCurrent();
    const dateMs = Date.parse(account.lastResponse.headers["date"] ?? "");
    const keys: GatewayFinding = { check: "keys", isGood: true, details: `account ${account.id}` };
    return [keys, ...clockFinding(Number.isNaN(dateMs) ? undefined : dateMs, nowMs)];
  } catch (error) {
    return [failureFinding(stripeFailure(error).refusal)];
  }
}
