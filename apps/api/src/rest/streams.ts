import type { Refusal } from "@jifen/contract";
import type { Outcome } from "@jifen/core";
import type { Hono, Context as HonoContext } from "hono";
import { type AdmissionDeps, createAdmission } from "../http/admission.ts";
import { measured } from "../http/calls/measured.ts";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { refusalOf } from "../http/error-response.ts";
import { type Call, type ResponseHeaders, type Responses, requestIdOf } from "../http/responses.ts";
import { attachment } from "../http/streams/content-disposition.ts";
import { relayStream } from "../http/streams/relay.ts";
import { recordIfUnexpected } from "../http/unexpected-error.ts";
import type { Context } from "../trpc/context.ts";
import type { StreamFacts, StreamResponse } from "../trpc/stream.ts";
import { inputReceiver, toInput } from "./read-input.ts";
import { createRequestContext, type RequestDeps } from "./request-context.ts";
import { type StreamRoute, toRouterPath } from "./routes.ts";

/** What the streams need. */
export type StreamEndpoints = {
  readonly deps: RequestDeps & AdmissionDeps & Pick<Deps, "log" | "stopping">;
  readonly responses: Responses;
};

/** A stream to send: its name in the log, and what prepares it. */
type SentStream = {
  readonly name: string;
  readonly run: (context: Context, facts: StreamFacts) => Promise<Outcome<StreamResponse, Refusal>>;
};

/**
 * Serves every stream at its REST path. Mounted before the other operations: `/logs/export` is no `/logs/{logId}`, and the
 * router takes the first that matches.
 */
export function mountStreams(
  app: Hono<Env>,
  { routes, ...endpoints }: StreamEndpoints & { readonly routes: readonly StreamRoute[] },
): void {
  for (const route of routes) {
    app.get(toRouterPath(route.operation.rest.path), streamHandler(route, endpoints));
  }
}

/** Handles requests to one stream. */
function streamHandler({ noun, verb, operation, run }: StreamRoute, endpoints: StreamEndpoints) {
  const receiveInput = inputReceiver(operation);
  const name = `${noun}.${verb}`;
  const handle = async (c: HonoContext<Env>): Promise<Response> => {
    const receive = receiveInput(c);
    if (!receive.ok) {
      return endpoints.responses.refusal(c, receive.refusal, { call: { operation: name, caller: undefined } });
    }
    const readInput = async () => {
      const received = await receive.value();
      return received.ok ? toInput(received.value) : received;
    };
    return sendStream(c, endpoints, { name, run: (context, facts) => run(context, { ...facts, readInput }) });
  };
  return measured(endpoints.deps.callMeter, name, handle);
}

/** Runs a stream and sends it, or its refusal. */
export async function sendStream(
  c: HonoContext<Env>,
  { deps, responses }: StreamEndpoints,
  { name, run }: SentStream,
): Promise<Response> {
  const call: Call = { operation: name, caller: undefined };
  const headers: ResponseHeaders = { "Cache-Control": "no-store" };
  const { incoming, outgoing } = c.env;
  const requestId = requestIdOf(c);
  const admission = createAdmission(deps, { commands: 0, incoming });
  const context = createRequestContext(deps, c, { admission, headers, responses });
  const recordError = (error: unknown) => recordIfUnexpected(deps.log, error, { requestId });
  const left = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) left.abort();
  });
  try {
    const outcome = await run(context, {
      header: (each: string) => c.req.header(each),
      ...{ signal: left.signal, stopping: deps.stopping },
    });
    const all = outcome.ok ? { ...headers, ...streamHeaders(outcome.value) } : headers;
    // HEAD starts no work: its result would not be sent.
    if (outcome.ok && c.req.method === "HEAD") {
      return new Response(null, { headers: { ...responses.headers(c), ...all } });
    }
    const started = outcome.ok ? await outcome.value.start() : outcome;
    return started.ok
      ? new Response(relayStream(started.value, { outgoing, onError: recordError }), {
          headers: { ...responses.headers(c), ...all },
        })
      : responses.refusal(c, started.refusal, { headers, call: { ...call, caller: context.caller } });
  } catch (error) {
    recordError(error);
    return responses.refusal(c, refusalOf(error), { headers, call: { ...call, caller: context.caller } });
  } finally {
    admission.release();
  }
}

/**
 * A range of a stream cannot be sent: its beginning would have to be made again. nginx would buffer up to a gigabyte, and
 * neither the client's pace nor its leaving would reach the source.
 */
const streamHeaders = ({ contentType, fileName }: StreamResponse): ResponseHeaders => ({
  "Content-Type": contentType,
  "Accept-Ranges": "none",
  "X-Accel-Buffering": "no",
  // A proxy that compresses would hold events back until it has enough of them.
  ...(contentType === "text/event-stream" ? { "Cache-Control": "no-store, no-transform" } : {}),
  ...(fileName === undefined ? {} : { "Content-Disposition": attachment(fileName) }),
});
