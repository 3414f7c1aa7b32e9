import type { Refusal } from "@jifen/contract";
import type { Context as HonoContext } from "hono";
import Negotiator from "negotiator";
import { languageOf } from "../context.ts";
import type { Env } from "../server.ts";
import { lookOf, refusalHeaders, toWireError } from "../wire-error.ts";

const PROBLEM = "application/problem+json";

/** Whether the caller would rather have RFC 9457. */
function prefersProblem(accept: string | undefined): boolean {
  if (!accept?.includes(PROBLEM)) return false;
  return new Negotiator({ headers: { accept } }).mediaType(["application/json", PROBLEM]) === PROBLEM;
}

/** A refusal as an HTTP answer: our flat body, or the same members as problem details (RFC 9457). */
export function errorResponse(c: HonoContext<Env>, refusal: Refusal, headers: Record<string, string> = {}): Response {
  const requestId = c.get("requestId");
  const { status } = lookOf(refusal);
  const body = toWireError(refusal, { language: languageOf(c.req.header("accept-language")), requestId });
  const problem = prefersProblem(c.req.header("accept"));
  return new Response(JSON.stringify(problem ? { type: "about:blank", title: body.message, status, ...body } : body), {
    status,
    headers: {
      "Content-Type": problem ? PROBLEM : "application/json",
      "X-Request-Id": requestId,
      "Cache-Control": "no-store",
      ...refusalHeaders(refusal),
      ...headers,
    },
  });
}
