import type { Gateway, RawNotice } from "@jifen/billing";
import type { Hono, Context as HonoContext } from "hono";
import { ConcurrencyLimiter } from "../../../http/concurrency-limiter.ts";
import type { Deps as HttpDeps } from "../../../http/deps.ts";
import type { Env } from "../../../http/env.ts";
import { type Responses, requestIdOf } from "../../../http/responses.ts";
import { recordIfUnexpected } from "../../../http/unexpected-error.ts";
import type { MeteredVerdict } from "../gateways/payment-meter.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { readBytes } from "./read-bytes.ts";
import { receiveNotice } from "./receive-notice.ts";

/** The largest notice. */
const MAX_NOTICE_BYTES = 65_536;
/** Providers wait for five seconds. What is not done by then is done later, and the next notice finds it. */
const ANSWER_MS = 4_000;

/**
 * How many notices are worked on at the same time. A provider that was away sends hundreds together: they must neither take
 * every connection from the other requests, nor wait for one so long that all of them fail.
 */
const NOTICES_AT_ONCE = 6;

/** What the mount needs. */
type PaymentMount = {
  readonly deps: Pick<HttpDeps, "clientAddress">;
  readonly payments: PaymentDeps;
  readonly responses: Responses;
};

/**
 * Mounts the addresses that payment providers know: their notices, as raw bytes of any content type, and the pages to which
 * they send browsers back. A return is never a proof of a payment.
 */
export function mountPayments(app: Hono<Env>, { deps, payments, responses }: PaymentMount): void {
  const limits = { capacity: NOTICES_AT_ONCE, queueTimeoutMs: ANSWER_MS, bodyTimeoutMs: ANSWER_MS };
  const limiter = new ConcurrencyLimiter(limits);
  const isAllowed = (c: HonoContext<Env>) => payments.orderLimits.takeNotice(deps.clientAddress(c.env.incoming));

  const answer = (c: HonoContext<Env>, gateway: Gateway, verdict: MeteredVerdict) => {
    payments.meter.notice(gateway.channel, verdict);
    return respond(c, gateway, verdict);
  };

  app.on(["GET", "POST"], "/payments/:channel/notify", async (c) => {
    const gateway = payments.channels.get(c.req.param("channel"))?.gateway;
    if (!gateway) return responses.refusal(c, { code: "NOT_FOUND" });
    if (!(await isAllowed(c))) return answer(c, gateway, "unavailable");
    const body = await readBytes(c.req.raw, MAX_NOTICE_BYTES);
    if (!body) {
      payments.monitor.noteBadNotice(gateway, "malformed");
      return answer(c, gateway, "forged");
    }
    const permit = await limiter.acquire({ commands: 1, actor: gateway.channel, hasArrived: () => true });
    if (!permit.ok) return answer(c, gateway, "unavailable");
    // What is not answered in time is still being worked on.
    const verdict = verdictOn(payments, c, { gateway, body }).finally(permit.value.release);
    return answer(c, gateway, await inTime(verdict));
  });

  app.on(["GET", "POST"], "/payments/:channel/return/:orderId", async (c) => {
    if (!(await isAllowed(c))) return responses.refusal(c, { code: "RATE_LIMITED", retryAfterSeconds: 60 });
    const order = await payments.database.orders.findById(c.req.param("orderId"));
    const target = order?.returnUrl ?? payments.topUpReturnUrl;
    if (!order || target === undefined) return responses.refusal(c, { code: "NOT_FOUND" });
    const url = new URL(target);
    url.searchParams.set("order", order.id);
    return new Response(null, { status: 303, headers: { ...responses.headers(c), Location: url.href } });
  });
}

async function verdictOn(
  payments: PaymentDeps,
  c: HonoContext<Env>,
  { gateway, body }: { readonly gateway: Gateway; readonly body: Uint8Array },
): Promise<MeteredVerdict> {
  try {
    return await receiveNotice(payments, gateway, rawNotice(c, body));
  } catch (error) {
    recordIfUnexpected(payments.log, error, { requestId: requestIdOf(c) });
    return "unavailable";
  }
}

function rawNotice(c: HonoContext<Env>, body: Uint8Array): RawNotice {
  const { url, method } = c.req;
  const at = url.indexOf("?");
  return {
    method: method === "GET" ? "GET" : "POST",
    headers: c.req.header(),
    query: at === -1 ? "" : url.slice(at + 1),
    body,
  };
}

/** The verdict, or `unavailable` when it takes too long. */
async function inTime(verdict: Promise<MeteredVerdict>): Promise<MeteredVerdict> {
  const { promise: timeout, resolve } = Promise.withResolvers<MeteredVerdict>();
  const timer = setTimeout(() => resolve("unavailable"), ANSWER_MS);
  return Promise.race([verdict, timeout]).finally(() => clearTimeout(timer));
}

/** The response in the provider's own form. No browser reads it. */
function respond(c: HonoContext<Env>, gateway: Gateway, verdict: MeteredVerdict): Response {
  const { status, type, body } = gateway.answer(verdict === "probe" ? "forged" : verdict);
  const headers = { "Content-Type": type, "Cache-Control": "no-store", "X-Request-Id": requestIdOf(c) };
  return new Response(status === 204 ? null : body, { status, headers });
}
