import type { Hono, Context as HonoContext } from "hono";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { refusalOf } from "../http/error-response.ts";
import { isLedgerCommand } from "../http/ledger-commands.ts";
import { type ResponseHeaders, type Responses, requestIdOf } from "../http/responses.ts";
import { recordIfUnexpected } from "../http/unexpected-error.ts";
import { createContext } from "../trpc/context.ts";
import { inputReceiver, toInput } from "./read-input.ts";
import type { Route } from "./routes.ts";

/** What the REST endpoints need. */
type RestEndpoints = {
  readonly deps: Pick<
    Deps,
    "sessions" | "keys" | "userCache" | "rateLimits" | "isCircuitOpen" | "clientAddress" | "commandLimiter" | "log"
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
function restHandler({ operation, run }: Route, { deps, responses }: Omit<RestEndpoints, "routes">) {
  const receiveInput = inputReceiver(operation);
  const handle = async (c: HonoContext<Env>): Promise<Response> => {
    const received = await receiveInput(c);
    if (!received.ok) return responses.refusal(c, received.refusal);
    const headers: ResponseHeaders = { "Cache-Control": "no-store" };
    const requestId = requestIdOf(c);
    const context = createContext(deps, {
      header: (name) => c.req.header(name),
      requestId,
      setResponseHeader: (name, value) => {
        headers[name] = value;
      },
      calls: 1,
      address: () => deps.clientAddress(c.env.incoming),
    });
    try {
      const outcome = await run(context, () => toInput(received.value));
      return outcome.ok
        ? responses.json(c, outcome.value, { headers })
        : responses.refusal(c, outcome.refusal, headers);
    } catch (error) {
      recordIfUnexpected(deps.log, error, { requestId });
      return responses.refusal(c, refusalOf(error), headers);
    }
  };
  if (!isLedgerCommand(operation)) return handle;
  return async (c: HonoContext<Env>) => {
    const permit = await deps.commandLimiter.acquire({ commands: 1, hasArrived: () => c.env.incoming.complete });
    if (!permit.ok) return responses.refusal(c, permit.refusal);
    try {
      return await handle(c);
    } finally {
      permit.value.release();
    }
  };
}
