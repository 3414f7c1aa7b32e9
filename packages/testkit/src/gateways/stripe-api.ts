import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Refund, Trade } from "./books.ts";
import { type FakeCore, type FakeRequest, type FakeResponse, json } from "./fake-server.ts";
import { disputeOf, intentOf, refundOf, sessionIdOf, sessionOf } from "./stripe-objects.ts";

/** What the fake account has. */
export type StripeState = {
  readonly core: FakeCore;
  readonly key: string;
  /** Answers by idempotency key, kept for a day. */
  readonly replies: Map<
    string,
    { readonly fingerprint: string; readonly response: FakeResponse; readonly atMs: number }
  >;
  /** Metadata by refund. */
  readonly metadata: Map<string, Stripe.Metadata>;
  /** Oldest first. */
  readonly events: Stripe.Event[];
  emit(type: string, trade: Trade, object: object): void;
};

const DAY_MS = 24 * 3_600_000;

const failure = (status: number, type: string, more: { code?: string; message: string }): FakeResponse =>
  json(status, { error: { type, ...more } });

const invalid = (message: string, code = "parameter_invalid"): FakeResponse =>
  failure(400, "invalid_request_error", { code, message });

const missing = (what: string): FakeResponse =>
  failure(404, "invalid_request_error", { code: "resource_missing", message: `No such ${what}` });

const list = (data: readonly object[], hasMore = false): FakeResponse =>
  json(200, { object: "list", url: "/v1", has_more: hasMore, data });

/** Answers a request as Stripe does: the key first, then the idempotency key, then the object. */
export function answerStripe(request: FakeRequest, state: StripeState): FakeResponse | undefined {
  if (!request.path.startsWith("/v1/")) return undefined;
  if (request.headers["authorization"] !== `Bearer ${state.key}`) {
    return failure(401, "invalid_request_error", { message: "Invalid API Key provided" });
  }
  const key = request.headers["idempotency-key"];
  if (request.method !== "POST" || key === undefined) return route(request, state);
  const fingerprint = createHash("sha256").update(`${request.path} ${request.body}`).digest("hex");
  const reply = state.replies.get(key);
  const known = reply && state.core.now() - reply.atMs < DAY_MS ? reply : undefined;
  if (known && known.fingerprint !== fingerprint) {
    const message = "Keys for idempotent requests can only be used with the same parameters they were first used with.";
    return failure(400, "idempotency_error", { message });
  }
  if (known) return known.response;
  const response = route(request, state);
  if (response) state.replies.set(key, { fingerprint, response, atMs: state.core.now() });
  return response;
}

function route({ method, path, query, body }: FakeRequest, state: StripeState): FakeResponse | undefined {
  const params = new URLSearchParams(method === "POST" ? body : query);
  const [, , resource = "", name = "", third = "", fourth = ""] = path.split("/");
  switch (`${method} ${resource}`) {
    case "GET account":
      return json(200, { id: "acct_fake", object: "account", default_currency: "usd" });
    case "GET events":
      return events(params, state);
    case "GET disputes":
      return list(disputes(params, state));
    case "GET refunds":
      return name === "" ? list(refundsOf(params, state)) : oneRefund(name, state);
    case "POST refunds":
      return createRefund(params, state);
    case "GET payment_intents": {
      const trade = byIntent(name, state);
      return trade ? json(200, intentOf(trade)) : missing("payment_intent");
    }
    case "GET checkout":
      return third === "" ? sessions(params, state) : oneSession(third, params, state);
    case "POST checkout":
      return third === "" ? createSession(params, state) : expire(third, fourth, state);
    default:
      return undefined;
  }
}

const allTrades = ({ core }: StripeState): Trade[] => [...core.books.trades.values()];
const bySession = (id: string, state: StripeState) => allTrades(state).find((trade) => sessionIdOf(trade) === id);
const byIntent = (id: string | null, state: StripeState) => allTrades(state).find((trade) => intentOf(trade).id === id);

const known = [
  ...["mode", "client_reference_id", "metadata[jifen_order]", "payment_intent_data[metadata][jifen_order]"],
  ...["line_items[0][quantity]", "line_items[0][price_data][currency]", "line_items[0][price_data][unit_amount]"],
  ...["line_items[0][price_data][product_data][name]", "expires_at", "success_url", "cancel_url"],
  ...["automatic_tax[enabled]", "invoice_creation[enabled]"],
];

function createSession(params: URLSearchParams, { core }: StripeState): FakeResponse {
  const unknown = [...params.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return invalid(`Received unknown parameter: ${unknown}`, "parameter_unknown");
  const text = (name: string): string => params.get(name) ?? "";
  const price = (name: string): string => text(`line_items[0][price_data][${name}]`);
  const absent = ["mode", "client_reference_id", "success_url", "expires_at"].find((name) => text(name) === "");
  if (absent !== undefined) return invalid(`Missing required param: ${absent}.`, "parameter_missing");
  const amountMinor = Number(price("unit_amount")) * Number(text("line_items[0][quantity]"));
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) return invalid("Invalid integer");
  if (!/^[a-z]{3}$/.test(price("currency"))) return invalid("Invalid currency");
  const expiresAtMs = Number(text("expires_at")) * 1_000;
  const lasts = expiresAtMs - core.now();
  if (!(lasts >= 30 * 60_000 - 1_000 && lasts <= 24 * 3_600_000)) {
    return invalid("The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from now.");
  }
  const trade = core.books.open(text("client_reference_id"), {
    ...{
      amountMinor,
      currency: price("currency"),
      title: price("product_data][name"),
      method: "checkout",
      expiresAtMs,
    },
    // Notices go to the endpoint of the account.
    ...{ notifyUrl: "", returnUrl: text("success_url") },
  });
  return typeof trade === "string" ? invalid(`The session is ${trade}`) : json(200, sessionOf(trade, core.url));
}

function sessions(params: URLSearchParams, state: StripeState): FakeResponse {
  const from = Number(params.get("created[gte]") ?? 0) * 1_000;
  const to = Number(params.get("created[lte]") ?? Number.MAX_SAFE_INTEGER / 1_000) * 1_000;
  const found = allTrades(state).filter(({ createdAtMs }) => createdAtMs >= from && createdAtMs <= to);
  const newestFirst = found.toReversed().map((trade) => sessionOf(trade, state.core.url));
  const after = newestFirst.findIndex(({ id }) => id === params.get("starting_after")) + 1;
  const limit = Number(params.get("limit") ?? 10);
  return list(newestFirst.slice(after, after + limit), newestFirst.length > after + limit);
}

function oneSession(id: string, params: URLSearchParams, state: StripeState): FakeResponse {
  const trade = bySession(id, state);
  const isExpanded = params.get("expand[0]") === "payment_intent.latest_charge";
  return trade ? json(200, sessionOf(trade, state.core.url, isExpanded)) : missing("checkout.session");
}

function expire(id: string, verb: string, state: StripeState): FakeResponse {
  const trade = bySession(id, state);
  if (!trade || verb !== "expire") return missing("checkout.session");
  if (trade.isClosed || trade.isPending || trade.payments.length > 0) {
    return invalid('Only Checkout Sessions with a status in ["open"] can be expired.');
  }
  trade.isClosed = true;
  state.emit("checkout.session.expired", trade, sessionOf(trade, state.core.url));
  return json(200, sessionOf(trade, state.core.url));
}

function createRefund(params: URLSearchParams, state: StripeState): FakeResponse {
  const trade = byIntent(params.get("payment_intent"), state);
  const payment = trade?.payments[0];
  if (!trade || !payment) return missing("payment_intent");
  const amountMinor = Number(params.get("amount") ?? payment.amountMinor);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) return invalid("Invalid integer");
  const metadata = Object.fromEntries(
    [...params].flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );
  const number = `refund-${trade.refunds.length}-${state.core.now()}`;
  const refund = state.core.books.refund(trade, payment, { number, amountMinor });
  if (typeof refund === "string")
    return invalid("Refund amount is greater than unrefunded amount on charge", "amount_too_large");
  state.metadata.set(refund.refundId, metadata);
  const answer = json(200, refundOf(refund, trade, metadata));
  // The answer says pending; the money moves afterwards.
  refund.state = "done";
  state.emit("refund.updated", trade, refundOf(refund, trade, metadata));
  return answer;
}

const objectOf = (refund: Refund, trade: Trade, { metadata }: StripeState) =>
  refundOf(refund, trade, metadata.get(refund.refundId) ?? {});

function refundsOf(params: URLSearchParams, state: StripeState): readonly object[] {
  const trade = byIntent(params.get("payment_intent"), state);
  return trade ? trade.refunds.toReversed().map((refund) => objectOf(refund, trade, state)) : [];
}

function oneRefund(id: string, state: StripeState): FakeResponse {
  for (const trade of allTrades(state)) {
    const refund = trade.refunds.find(({ refundId }) => `re_${refundId}` === id);
    if (refund) return json(200, objectOf(refund, trade, state));
  }
  return missing("refund");
}

function disputes(params: URLSearchParams, state: StripeState): readonly object[] {
  const trade = byIntent(params.get("payment_intent"), state);
  return trade?.dispute ? [disputeOf(trade, trade.dispute)] : [];
}

/** Newest first. `ending_before`: the page that is directly newer than an event. */
function events(params: URLSearchParams, { events: all }: StripeState): FakeResponse {
  const limit = Number(params.get("limit") ?? 10);
  const types = [...params].flatMap(([name, value]) => (name.startsWith("types[") ? [value] : []));
  const wanted = all.filter(({ type }) => types.length === 0 || types.includes(type));
  const cursor = params.get("ending_before");
  if (cursor === null) return list(wanted.slice(-limit).toReversed(), wanted.length > limit);
  const at = wanted.findIndex(({ id }) => id === cursor);
  if (at < 0) return missing("event");
  return list(wanted.slice(at + 1, at + 1 + limit).toReversed(), wanted.length > at + 1 + limit);
}
