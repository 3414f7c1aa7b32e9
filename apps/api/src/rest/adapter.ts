import { type Operation, operations } from "@jifen/contract";
import { invariant } from "@jifen/ledger";
import type { Hono, Context as HonoContext } from "hono";
import { createContext } from "../context.ts";
import type { Deps } from "../deps.ts";
import type { AppRouter } from "../router.ts";
import type { Env } from "../server.ts";
import { createCallerFactory } from "../trpc.ts";
import { recordIfUnexpected } from "../unexpected-error.ts";
import { refusalOf } from "../wire-error.ts";
import { errorResponse } from "./error-response.ts";
import { checkBodyHeaders, parseJson } from "./request-body.ts";

/** Every operation with its place in the router. */
export const routes: readonly { noun: string; verb: string; operation: Operation }[] = Object.entries(
  operations,
).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ noun, verb, operation: operation as Operation })),
);

type Call = (input: unknown) => Promise<unknown>;

/** Serves every operation at its documented address, through the same procedures that tRPC serves. */
export function mountRest(app: Hono<Env>, deps: Deps, router: AppRouter): void {
  const callerFor = createCallerFactory(router);
  for (const { noun, verb, operation } of routes) {
    const { method, path } = operation.rest;
    app.on(method, path, async (c) => {
      const replyHeaders = new Headers();
      const caller = callerFor(
        createContext(deps, {
          header: (name) => c.req.header(name),
          requestId: c.get("requestId"),
          replyHeaders,
          calls: 1,
        }),
      ) as unknown as Record<string, Record<string, Call>>;
      return serve(c, { method, replyHeaders, call: named(caller, noun, verb), log: deps.log });
    });
  }
}

function named(caller: Record<string, Record<string, Call>>, noun: string, verb: string): Call {
  const call = caller[noun]?.[verb];
  invariant(call !== undefined, `there is no procedure ${noun}.${verb}`);
  return call;
}

type Served = { method: "GET" | "POST"; replyHeaders: Headers; call: Call; log: Deps["log"] };

/** One request: body in, procedure, body out. */
async function serve(c: HonoContext<Env>, { method, replyHeaders, call, log }: Served): Promise<Response> {
  const input = method === "GET" ? undefined : await readInput(c);
  if (input && !input.ok) return errorResponse(c, input.refusal);
  try {
    const output = await call(input?.value);
    return c.json(output as object, 200, { "Cache-Control": "no-store", ...Object.fromEntries(replyHeaders) });
  } catch (error) {
    recordIfUnexpected(log, error, { requestId: c.get("requestId") });
    return errorResponse(c, refusalOf(error), Object.fromEntries(replyHeaders));
  }
}

async function readInput(c: HonoContext<Env>) {
  const allowed = checkBodyHeaders((name) => c.req.header(name));
  return allowed.ok ? parseJson(await c.req.text()) : allowed;
}
