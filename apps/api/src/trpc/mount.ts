import { bilingual, preferredLanguage, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { AnyProcedure, TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Hono, Context as HonoContext } from "hono";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { refusalHeaders, refusalOf, specOf, toErrorBody } from "../http/error-response.ts";
import { ledgerPaths } from "../http/ledger-commands.ts";
import { type Responses, requestIdOf } from "../http/responses.ts";
import { recordIfUnexpected } from "../http/unexpected-error.ts";
import { checkBodyHeaders } from "../rest/request-body.ts";
import { createContext } from "./context.ts";
import { type AppRouter, toSuperjson } from "./procedure.ts";

/** How many calls one request may contain. */
const MAX_BATCH_SIZE = 20;
const ENDPOINT = "/trpc";

/** What the tRPC endpoint needs. */
type TrpcEndpoint = { readonly deps: Deps; readonly responses: Responses; readonly router: AppRouter };

/** Serves the router to typed clients at /trpc. */
export function mountTrpc(app: Hono<Env>, endpoint: TrpcEndpoint): void {
  const { responses, router, deps } = endpoint;
  app.on(["GET", "POST"], `${ENDPOINT}/*`, async (c) => {
    const called = calledProcedures(c, router);
    if (!called.ok) return refuseRequest(c, responses, called.refusal);
    const commands = called.value.filter((path) => ledgerPaths.has(path)).length;
    if (commands === 0) return handleRequest(c, endpoint);
    const permit = await deps.commandLimiter.acquire({ commands, hasArrived: () => c.env.incoming.complete });
    if (!permit.ok) return refuseRequest(c, responses, permit.refusal);
    try {
      return await handleRequest(c, endpoint);
    } finally {
      permit.value.release();
    }
  });
}

const tooMany = bilingual({
  zh: `一次批量请求最多 ${MAX_BATCH_SIZE} 个调用`,
  en: `a batch must contain at most ${MAX_BATCH_SIZE} calls`,
});

const noStreams = bilingual({
  zh: "不支持流式响应（application/jsonl）：请使用 httpBatchLink",
  en: "streamed responses (application/jsonl) are not supported; use httpBatchLink",
});

const mixed = bilingual({
  zh: "一次批量请求只能全是查询或全是变更",
  en: "a batch must contain either only queries or only mutations",
});

/**
 * The paths of the procedures that a request calls. Checked before tRPC parses the request: a request that tRPC itself
 * refuses has no context, and so no request id and no language.
 * Refuses, in this order: the body's headers, VALIDATION_FAILED (streams), NOT_FOUND, VALIDATION_FAILED (batch).
 */
function calledProcedures(c: HonoContext<Env>, router: AppRouter): Outcome<readonly string[], Refusal> {
  const hasNoBody = c.req.method === "GET" || c.req.method === "HEAD";
  const allowed = hasNoBody ? ok(undefined) : checkBodyHeaders((name) => c.req.header(name));
  if (!allowed.ok) return allowed;
  if (wantsStream(c)) return invalidRequest("trpc-accept", noStreams);
  const paths = parsePaths(c.req.url);
  if (!paths) return refuse({ code: "NOT_FOUND" });
  if (paths.length > MAX_BATCH_SIZE) return invalidRequest("batch", tooMany);
  return mixesKinds(router, paths) ? invalidRequest("batch", mixed) : ok(paths);
}

const invalidRequest = (path: string, message: string) =>
  refuse<Refusal>({ code: "VALIDATION_FAILED", issues: [{ path, message }] });

/**
 * Whether tRPC would stream the response: it does for either header. A stream starts with status 200 before the first
 * call is done, so the status could not show a refusal and Retry-After could not be set.
 */
const wantsStream = (c: HonoContext<Env>): boolean =>
  `${c.req.header("trpc-accept")},${c.req.header("accept")}`
    .split(",")
    .some((type) => type.trim().startsWith("application/jsonl"));

/** Whether a batch contains queries and mutations, which have different HTTP methods. Unknown paths count as neither. */
function mixesKinds(router: AppRouter, paths: readonly string[]): boolean {
  // At run time this record is flat, keyed by path ("credits.consume"); its type is nested. `internals.test.ts` checks it.
  const procedures = router._def.procedures as unknown as Readonly<Record<string, AnyProcedure>>;
  const kinds = paths.filter((path) => Object.hasOwn(procedures, path)).map((path) => procedures[path]?._def.type);
  return new Set(kinds).size > 1;
}

/** The procedure paths in a URL; undefined when it cannot be decoded. */
function parsePaths(url: string): readonly string[] | undefined {
  const { pathname, searchParams } = new URL(url);
  try {
    const path = decodeURIComponent(pathname.slice(ENDPOINT.length).replaceAll(/^\/|\/$/g, ""));
    return searchParams.get("batch") === "1" ? path.split(",") : [path];
  } catch {
    return undefined;
  }
}

/** The refusal of a whole request, in the error shape that a tRPC client reads. */
function refuseRequest(c: HonoContext<Env>, responses: Responses, refusal: Refusal): Response {
  const requestId = requestIdOf(c);
  const error = toErrorBody(refusal, { language: preferredLanguage(c.req.header("accept-language")), requestId });
  const { status } = specOf(refusal);
  const shape = {
    message: error.message,
    code: -32600,
    data: { code: "BAD_REQUEST", path: null, httpStatus: status, app: error },
  };
  return responses.json(
    c,
    { error: toSuperjson(shape) },
    { status, headers: { "Cache-Control": "no-store", ...refusalHeaders(refusal) } },
  );
}

async function handleRequest(c: HonoContext<Env>, { deps, responses, router }: TrpcEndpoint): Promise<Response> {
  const requestId = requestIdOf(c);
  let isParsed = false;
  let parseError: TRPCError | undefined;
  const response = await fetchRequestHandler({
    endpoint: ENDPOINT,
    req: c.req.raw,
    router,
    maxBatchSize: MAX_BATCH_SIZE,
    createContext: ({ resHeaders, info }) => {
      isParsed = true;
      return createContext(deps, {
        header: (name) => c.req.header(name),
        requestId,
        setResponseHeader: (name, value) => resHeaders.set(name, value),
        calls: info.calls.length,
        address: () => deps.clientAddress(c.env.incoming),
      });
    },
    responseMeta: ({ errors }) => ({
      headers: new Headers([
        ...Object.entries(responses.headers(c)),
        ["Cache-Control", "no-store"],
        ...errors.flatMap((error) => Object.entries(refusalHeaders(refusalOf(error)))),
      ]),
    }),
    onError: ({ error, path }) => {
      if (!isParsed) parseError = error;
      recordIfUnexpected(deps.log, error, { requestId, ...(path && { path }) });
    },
  });
  // Without a context tRPC's own response has no request id and no language, and its content type is plain text.
  return parseError ? refuseRequest(c, responses, refusalOf(parseError)) : response;
}
