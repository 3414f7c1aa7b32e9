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

/** What serves operations at their addresses. */
type Served = {
  readonly deps: Pick<
    Deps,
    "sessions" | "keys" | "userCache" | "rateLimits" | "isCircuitOpen" | "clientAddress" | "commandLimiter" | "log"
  >;
  readonly answers: Responses;
  readonly routes: readonly Route[];
};

/** Serves every operation at its documented address: what it runs is what tRPC runs. */
export function mountRest(app: Hono<Env>, { routes, ...served }: Served): void {
  for (const route of routes) {
    const { method, path } = route.operation.rest;
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ":$1"), restHandler(route, served));
  }
}

/** One request: input in, procedure, output out. */
function restHandler({ operation, run }: Route, { deps, answers }: Omit<Served, "routes">) {
  const receiveInput = inputReceiver(operation);
  const handle = async (c: HonoContext<Env>): Promise<Response> => {
    const received = await receiveInput(c);
    if (!received.ok) return answers.refusal(c, received.refusal);
    const headers: ResponseHeaders = { "Cache-Control": "no-store" };
    const requestId = requestIdOf(c);
    const context = createContext(deps, {
      header: (name) => c.req.header(name),
      requestId,
      setReplyHeader: (name, value) => {
        headers[name] = value;
      },
      calls: 1,
      address: () => deps.clientAddress(c.env.incoming),
    });
    try {
      const outcome = await run(context, () => toInput(received.value));
      return outcome.ok ? answers.json(c, outcome.value, { headers }) : answers.refusal(c, outcome.refusal, headers);
    } catch (error) {
      recordIfUnexpected(deps.log, error, { requestId });
      return answers.refusal(c, refusalOf(error), headers);
    }
  };
  if (!isLedgerCommand(operation)) return handle;
  return async (c: HonoContext<Env>) => {
    const permit = await deps.commandLimiter.acquire({ commands: 1, hasArrived: () => c.env.incoming.complete });
    if (!permit.ok) return answers.refusal(c, permit.refusal);
    try {
      return await handle(c);
    } finally {
      permit.value.release();
    }
  };
}
