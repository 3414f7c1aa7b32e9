import { randomUUID } from "node:crypto";
import type { Refusal } from "@jifen/contract";
import type { Context as HonoContext } from "hono";
import Negotiator from "negotiator";
import { languageOf } from "../trpc/context.ts";
import { styleHash } from "./docs/style.ts";
import type { Env } from "./env.ts";
import { refusalHeaders, specOf, toErrorBody } from "./error-response.ts";

const PROBLEM = "application/problem+json";
const MAX_REQUEST_ID_LENGTH = 128;

/** The headers that all answers share: nothing here depends on who asks. */
export const sharedHeaders = {
  "Content-Security-Policy": `default-src 'none'; style-src ${styleHash}; frame-ancestors 'none'`,
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Access-Control-Allow-Credentials": "true",
  "Access-Control-Expose-Headers": "Idempotency-Replayed,RateLimit,RateLimit-Policy,Retry-After,X-Request-Id",
  Vary: "Origin",
};

/** What a browser is told when it asks before it calls. */
const preflightHeaders = {
  "Access-Control-Allow-Headers": "Accept-Language,Authorization,Content-Type,Idempotency-Key,X-Request-Id,X-User-Id",
  "Access-Control-Allow-Methods": "GET,POST",
  "Access-Control-Max-Age": "600",
  Vary: "Origin, Access-Control-Request-Headers",
};

/** Headers of an answer, by name. */
export type ResponseHeaders = Record<string, string>;

/**
 * Makes every answer, with all of its headers at once. Nothing may touch an answer afterwards: as long as its
 * headers are a plain object, it goes to the socket without a `Headers` of its own, which would cost more than all
 * the rest of a request.
 */
export type Responses = {
  /** The headers that every answer to this request has; a new object for each call. */
  headers(c: HonoContext<Env>): ResponseHeaders;
  /** JSON, with headers of its own beside those. */
  json(c: HonoContext<Env>, body: unknown, look?: { status?: number; headers?: ResponseHeaders }): Response;
  /** A refusal: our flat body, or the same members as problem details (RFC 9457). */
  refusal(c: HonoContext<Env>, refusal: Refusal, headers?: ResponseHeaders): Response;
  /** The answer to a browser that asks before it calls. */
  preflight(c: HonoContext<Env>): Response;
};

/** `frontendOrigins` are the exact origins that browsers may call from. */
export function createResponses(frontendOrigins: readonly string[]): Responses {
  const headers: Responses["headers"] = (c) => {
    const made: ResponseHeaders = { ...sharedHeaders, "X-Request-Id": requestIdOf(c) };
    const origin = c.req.header("origin");
    if (origin !== undefined && frontendOrigins.includes(origin)) made["Access-Control-Allow-Origin"] = origin;
    return made;
  };
  return {
    headers,

    json: (c, body, look) =>
      new Response(JSON.stringify(body), {
        status: look?.status ?? 200,
        headers: { ...headers(c), "Content-Type": "application/json", ...look?.headers },
      }),

    refusal: (c, refusal, own) => {
      const { status } = specOf(refusal);
      const language = languageOf(c.req.header("accept-language"));
      const body = toErrorBody(refusal, { language, requestId: requestIdOf(c) });
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
            ...own,
          },
        },
      );
    },

    preflight: (c) => new Response(null, { status: 204, headers: { ...headers(c), ...preflightHeaders } }),
  };
}

/** The caller's id of the request when it is one that can be repeated, else one of ours; the same at every call. */
export function requestIdOf(c: HonoContext<Env>): string {
  const known = c.get("requestId");
  if (known !== undefined) return known;
  const sent = c.req.header("x-request-id");
  const isUsable = sent !== undefined && sent.length <= MAX_REQUEST_ID_LENGTH && /^[\w\-=]+$/.test(sent);
  const requestId = isUsable ? sent : `req-${randomUUID()}`;
  c.set("requestId", requestId);
  return requestId;
}

/** Whether the caller would rather have RFC 9457. */
function prefersProblem(accept: string | undefined): boolean {
  if (!accept?.includes(PROBLEM)) return false;
  return new Negotiator({ headers: { accept } }).mediaType(["application/json", PROBLEM]) === PROBLEM;
}
