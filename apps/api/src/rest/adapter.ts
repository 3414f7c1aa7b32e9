import type { Hono, Context as HonoContext } from "hono";
import { type AdmissionDeps, createAdmission } from "../http/admission.ts";
import { measured } from "../http/calls/measured.ts";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { refusalOf } from "../http/error-response.ts";
import { isLedgerCommand } from "../http/ledger-commands.ts";
import { type Call, type ResponseHeaders, type Responses, requestIdOf } from "../http/responses.ts";
import { recordIfUnexpected } from "../http/unexpected-error.ts";
import type { Context } from "../trpc/context.ts";
import { formFinder } from "./output-forms.ts";
import { inputReceiver, toInput } from "./read-input.ts";
import { createRequestContext, type RequestDeps } from "./request-context.ts";
import { type Route, toRouterPath } from "./routes.ts";

/** What the REST endpoints need. */
type RestEndpoints = {
  readonly deps: RequestDeps & AdmissionDeps & Pick<Deps, "log">;
  readonly responses: Responses;
  readonly routes: readonly Route[];
};

/** Serves every operation at its REST path, with the same `run` as tRPC. */
export function mountRest(app: Hono<Env>, { routes, ...endpoints }: RestEndpoints): void {
  for (const route of routes) {
    const { method, path } = route.operation.rest;
    app.on(method, toRouterPath(path), restHandler(route, endpoints));
  }
}

/** What allows caches between client and server to keep a success. */
const cachingHeaders = (seconds: number | undefined): ResponseHeaders =>
  seconds === undefined ? {} : { "Cache-Control": `public, max-age=${seconds}`, Vary: "Origin, Accept-Language" };

/** Handles requests to one operation. */
function restHandler(
  { noun, verb, operation, renderings, run }: Route,
  { deps, responses }: Omit<RestEndpoints, "routes">,
) {
  const receiveInput = inputReceiver(operation);
  const formOf = formFinder({ operation, renderings });
  const commands = isLedgerCommand(operation) ? 1 : 0;
  const caching = cachingHeaders(operation.rest.cacheSeconds);
  const call: Call = { operation: `${noun}.${verb}`, caller: undefined };
  const callOf = ({ caller }: Context): Call => (operation.caller === "anyone" ? call : { ...call, caller });
  const handle = async (c: HonoContext<Env>): Promise<Response> => {
    const receive = receiveInput(c);
    if (!receive.ok) return responses.refusal(c, receive.refusal, { call });
    const headers: ResponseHeaders = { "Cache-Control": "no-store" };
    const requestId = requestIdOf(c);
    const admission = createAdmission(deps, { commands, incoming: c.env.incoming });
    const context = createRequestContext(deps, c, { admission, headers, responses });
    try {
      const outcome = await run(context, async () => {
        const received = await receive.value();
        return received.ok ? toInput(received.value) : received;
      });
      if (!outcome.ok) return responses.refusal(c, outcome.refusal, { headers, call: callOf(context) });
      const form = formOf(outcome.input);
      if (form === undefined) return responses.json(c, outcome.value, { headers: { ...headers, ...caching } });
      return responses.rendered(c, await form(outcome.value, context.language()), { headers });
    } catch (error) {
      recordIfUnexpected(deps.log, error, { requestId });
      return responses.refusal(c, refusalOf(error), { headers, call: callOf(context) });
    } finally {
      admission.release();
    }
  };
  return measured(deps.callMeter, call.operation, handle);
}
