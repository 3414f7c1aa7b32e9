import { randomUUID } from "node:crypto";
import { type Language, preferredLanguage, type Refusal } from "@jifen/contract";
import type { Context as HonoContext } from "hono";
import Negotiator from "negotiator";
import { sessionTokensIn } from "../modules/identity/session/cookie.ts";
import type { TypedRendering } from "../rest/output-forms.ts";
import { version } from "../version.ts";
import { allowedHeaders } from "./allowed-headers.ts";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import { refusalHeaders, specOf, toErrorBody } from "./error-response.ts";
import { createOriginMatcher } from "./origins.ts";
import type { RefusedRequest } from "./refusals/recorder.ts";
import { attachment } from "./streams/content-disposition.ts";

const PROBLEM = "application/problem+json";
const MAX_REQUEST_ID_LENGTH = 128;

/** The headers of every response, whatever the request. */
export const sharedHeaders = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Access-Control-Allow-Credentials": "true",
  "Access-Control-Expose-Headers":
    "Idempotency-Replayed,Jifen-Version,RateLimit,RateLimit-Policy,Retry-After,X-Request-Id",
  // The client compares it with its own.
  "Jifen-Version": version,
  Vary: "Origin",
};

/** The headers of the response to a CORS preflight, besides Access-Control-Allow-Headers. */
const preflightHeaders = {
  "Access-Control-Allow-Methods": "GET,POST",
  "Access-Control-Max-Age": "600",
  Vary: "Origin, Access-Control-Request-Headers",
};

/** Headers of a response, by name. */
export type ResponseHeaders = Record<string, string>;

/**
 * Creates every response with all of its headers. No code may change a response afterwards, so there is no middleware:
 * as long as the headers are a plain object, @hono/node-server writes them without creating `Headers`, which would
 * cost more than the rest of a request. `internals.test.ts` checks this.
 */
export type Responses = {
  /** The headers that every response to this request has; a new object for each call. */
  headers(c: HonoContext<Env>): ResponseHeaders;
  /** The language that a request asks for, or else that of the server. */
  language(c: HonoContext<Env>): Language;
  /** A JSON response with additional headers. */
  json(c: HonoContext<Env>, body: unknown, options?: { status?: number; headers?: ResponseHeaders }): Response;
  /** An output in another form than JSON, with additional headers. */
  rendered(c: HonoContext<Env>, rendering: TypedRendering, options: { headers: ResponseHeaders }): Response;
  /** The response of a refusal: our flat error body, or the same fields as problem details (RFC 9457). */
  refusal(c: HonoContext<Env>, refusal: Refusal, options?: { headers?: ResponseHeaders; call?: Call }): Response;
  /** Counts and logs a refusal whose response is created elsewhere. `refusal` does it by itself. */
  record(c: HonoContext<Env>, refusal: Refusal, call?: Call): void;
  /** The response to a CORS preflight. */
  preflight(c: HonoContext<Env>): Response;
};

/** The operation that a request calls, for the record of its refusal. `caller`: of an operation that needs one. */
export type Call = Pick<RefusedRequest, "operation" | "caller">;

const noCall: Call = { operation: "none", caller: undefined };

/** What the responses need. */
type ResponseDeps = Pick<Deps, "frontendOrigins" | "messageLanguage" | "refusalRecorder" | "clientAddress">;

/** Creates the responses. `frontendOrigins`: the origins that browsers may call from; see `parseOriginPattern`. */
export function createResponses({
  frontendOrigins,
  messageLanguage,
  refusalRecorder,
  clientAddress,
}: ResponseDeps): Responses {
  const isAllowed = createOriginMatcher(frontendOrigins);
  const headers: Responses["headers"] = (c) => {
    refusalRecorder.countResponse();
    const result: ResponseHeaders = { ...sharedHeaders, "X-Request-Id": requestIdOf(c) };
    const origin = c.req.header("origin");
    if (origin !== undefined && isAllowed(origin)) result["Access-Control-Allow-Origin"] = origin;
    return result;
  };
  const language: Responses["language"] = (c) => preferredLanguage(c.req.header("accept-language"), messageLanguage);
  const record: Responses["record"] = (c, refusal, call = noCall) =>
    refusalRecorder.record({
      refusal,
      operation: call.operation,
      requestId: requestIdOf(c),
      address: () => clientAddress(c.env.incoming),
      userAgent: c.req.header("user-agent"),
      hasCredential: c.req.header("authorization") !== undefined || sessionTokensIn(c.req.header("cookie")).length > 0,
      caller: call.caller,
    });
  return {
    headers,
    language,
    record,

    json: (c, body, options) =>
      new Response(JSON.stringify(body), {
        status: options?.status ?? 200,
        headers: { ...headers(c), "Content-Type": "application/json", ...options?.headers },
      }),

    rendered: (c, rendering, options) =>
      new Response(rendering.body, {
        headers: { ...headers(c), ...options.headers, ...renderedHeaders(rendering) },
      }),

    refusal: (c, refusal, options) => {
      record(c, refusal, options?.call);
      const { status } = specOf(refusal);
      const body = toErrorBody(refusal, { language: language(c), requestId: requestIdOf(c) });
      const problem = prefersProblem(c.req.header("accept"));
      return new Response(
        JSON.stringify(problem ? { type: "about:blank", title: body.message, status, ...body } : body),
        {
          status,
          headers: {
            ...headers(c),
            "Content-Type": problem ? PROBLEM : "application/json",
            "Cache-Control": "no-store",
            ...refusalHeaders(refusal),
            ...options?.headers,
          },
        },
      );
    },

    preflight: (c) => {
      const shared = headers(c);
      const requested = c.req.header("access-control-request-headers");
      const isFromFrontend = shared["Access-Control-Allow-Origin"] !== undefined;
      const names = allowedHeaders(isFromFrontend ? requested : undefined);
      const preflight = { ...shared, ...preflightHeaders, "Access-Control-Allow-Headers": names };
      return new Response(null, { status: 204, headers: preflight });
    },
  };
}

const renderedHeaders = (rendering: TypedRendering): ResponseHeaders => ({
  "Content-Type": rendering.contentType,
  "Content-Language": rendering.language === "en" ? "en" : "zh-CN",
  Vary: "Origin, Accept-Language",
  ...(rendering.fileName === undefined ? {} : { "Content-Disposition": attachment(rendering.fileName) }),
  ...(rendering.contentSecurityPolicy === undefined
    ? {}
    : { "Content-Security-Policy": rendering.contentSecurityPolicy }),
});

/** The client's X-Request-Id when it is valid, else a new id. Every call for the same request returns the same id. */
export function requestIdOf(c: HonoContext<Env>): string {
  const known = c.get("requestId");
  if (known !== undefined) return known;
  const sent = c.req.header("x-request-id");
  const isUsable = sent !== undefined && sent.length <= MAX_REQUEST_ID_LENGTH && /^[\w\-=]+$/.test(sent);
  const requestId = isUsable ? sent : `req-${randomUUID()}`;
  c.set("requestId", requestId);
  return requestId;
}

/** Whether the Accept header prefers problem details (RFC 9457). */
function prefersProblem(accept: string | undefined): boolean {
  if (!accept?.includes(PROBLEM)) return false;
  return new Negotiator({ headers: { accept } }).mediaType(["application/json", PROBLEM]) === PROBLEM;
}
