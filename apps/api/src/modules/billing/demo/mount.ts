import { type DemoAct, demoActs, toDemoTrade } from "@jifen/gateways";
import type { Hono, Context as HonoContext } from "hono";
import type { Deps as HttpDeps } from "../../../http/deps.ts";
import type { Env } from "../../../http/env.ts";
import { type Responses, requestIdOf } from "../../../http/responses.ts";
import { recordIfUnexpected } from "../../../http/unexpected-error.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { readBytes } from "../payments/read-bytes.ts";
import { actOnOrder, type DemoClick } from "./act-on-order.ts";
import { demoPage } from "./page.ts";
import { styleHash } from "./style.ts";

const MAX_FORM_BYTES = 1_024;

/** The page has one style, no script, and a form that posts to itself. */
const policy = `default-src 'none'; style-src ${styleHash}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** What the page needs. */
type DemoMount = {
  readonly deps: Pick<HttpDeps, "clientAddress">;
  readonly payments: PaymentDeps;
  readonly responses: Responses;
};

/** Mounts the page of the channel `demo`, if that is on: there, a person pays orders with a click. */
export function mountDemo(app: Hono<Env>, { deps, payments, responses }: DemoMount): void {
  if (!payments.channels.has("demo")) return;
  const { demoTrades } = payments.database;

  app.on(["GET", "POST"], "/payments/demo/pay/:orderId", async (c) => {
    const isAllowed = await payments.orderLimits.takeNotice(deps.clientAddress(c.env.incoming));
    if (!isAllowed) return responses.refusal(c, { code: "RATE_LIMITED", retryAfterSeconds: 60 });
    const orderId = c.req.param("orderId");
    const row = await demoTrades.find(orderId);
    if (!row) return responses.refusal(c, { code: "NOT_FOUND" });
    if (c.req.method === "POST") {
      const act = await actIn(c.req.raw);
      if (act) await perform(payments, c, { orderId, act });
      // The page is loaded again, so that a reload does not repeat the act. A proxy may serve it under another path.
      return new Response(null, { status: 303, headers: { ...responses.headers(c), Location: orderId } });
    }
    const language = responses.language(c);
    const body = String(await demoPage({ trade: toDemoTrade(row), language, nowMs: payments.nowMs() }));
    return new Response(body, { headers: { ...responses.headers(c), ...pageHeaders } });
  });
}

const pageHeaders = {
  ...{ "Content-Type": "text/html; charset=UTF-8", "Content-Security-Policy": policy },
  ...{ "Cache-Control": "no-store", Vary: "Origin, Accept-Language", "X-Frame-Options": "DENY" },
};

async function actIn(request: Request): Promise<DemoAct | undefined> {
  const body = await readBytes(request, MAX_FORM_BYTES);
  const name = new URLSearchParams(Buffer.from(body ?? []).toString("utf8")).get("act");
  return demoActs.find((each) => each === name);
}

/** Does what was clicked, then what a notice of a provider would lead to. What fails is found by the schedule. */
async function perform(payments: PaymentDeps, c: HonoContext<Env>, { orderId, act }: DemoClick): Promise<void> {
  try {
    await actOnOrder(payments, { orderId, act });
  } catch (error) {
    recordIfUnexpected(payments.log, error, { requestId: requestIdOf(c) });
  }
}
