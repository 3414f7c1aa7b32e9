import type { Hono, Context as HonoContext } from "hono";
import { createAdmission } from "../http/admission.ts";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { refusalOf } from "../http/error-response.ts";
import { isLedgerCommand } from "../http/ledger-commands.ts";
import { type Call, type ResponseHeaders, type Responses, requestIdOf } from "../http/responses.ts";
import { recordIfUnexpected } from "../http/unexpected-error.ts";
import { type Context, createContext } from "../trpc/context.ts";
import { inputReceiver, toInput } from "./read-input.ts";
import type { Route } from "./routes.ts";

/** What the REST endpoints need. */
type RestEndpoints = {
  readonly deps: Pick<
    Deps,
    | "sessions"
    | "keys"
    | "userCache"
    | "rateLimits"
    | "isCircuitOpen"
    | "clientAddress"
    | "commandLimiter"
    | "readLimiter"
    | "scheduler"
    | "knownCredentials"
    | "log"
  >;
  readonly responses: Responses;
  readonly routes: readonly Route[];
};

/** Serves every operation at its REST path, with the same `run` as tRPC. */
export function mountRest(app: Hono<Env>, { routes, ...endpoints }: RestEndpoints): void {
  for (const route of routes) {
    const { method, path } = route.operation.rest;
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ":$1"), restHandler(route, endpoints));
  }
}

/** Handles requests to one operation. */
function restHandler({ noun, verb, operation, run }: Route, { deps, responses }: Omit<RestEndpoints, "routes">) {
  const receiveInput = inputReceiver(operation);
  const commands = isLedgerCommand(operation) ? 1 : 0;
  const call: Call = { operation: `${noun}.${verb}`, caller: undefined };
  const callOf = ({ caller }: Context): Call => (operation.caller === "anyone" ? call : { ...call, caller });
  return async (c: HonoContext<Env>): Promise<Response> => {
    const receive = receiveInput(c);
    if (!receive.ok) return responses.refusal(c, receive.refusal, { call });
    const headers: ResponseHeaders = { "Cache-Control": "no-store" };
    const requestId = requestIdOf(c);
    const { incoming } = c.env;
    const admission = createAdmission(deps, { commands, incoming });
    const context = createContext(deps, {
      header: (name) => c.req.header(name),
      requestId,
      setResponseHeader: (name, value) => {
        headers[name] = value;
      },
      calls: 1,
      address: (isSite) => deps.clientAddress(incoming, isSite),
      admission,
    });
    try {
      const outcome = await run(context, async () => {
        const received = await receive.value();
        return received.ok ? toInput(received.value) : received;
      });
      return outcome.ok
        ? responses.json(c, outcome.value, { headers })
        : responses.refusal(c, outcome.refusal, { headers, call: callOf(context) });
    } catch (error) {
      recordIfUnexpected(deps.log, error, { requestId });
      return responses.refusal(c, refusalOf(error), { headers, call: callOf(context) });
    } finally {
      admission.release();
    }
  };
}
