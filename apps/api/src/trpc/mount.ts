import { bilingual, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { AnyProcedure, TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Hono, Context as HonoContext } from "hono";
import { type Admission, createAdmission } from "../http/admission.ts";
import { receiveChunkedBody } from "../http/chunked-body.ts";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { refusalHeaders, refusalOf, specOf, toErrorBody } from "../http/error-response.ts";
import { checkMembers, decodeJson } from "../http/json/strict-json.ts";
import { ledgerPaths, operationsByPath } from "../http/ledger-commands.ts";
import { canonicalPath } from "../http/path.ts";
import { type Query, readQuery } from "../http/query.ts";
import { RefusalError } from "../http/refusal-error.ts";
import { type Call, type Responses, requestIdOf } from "../http/responses.ts";
import { recordIfUnexpected } from "../http/unexpected-error.ts";
import { checkBodyHeaders, MAX_BODY_BYTES } from "../rest/request-body.ts";
import { type Context, createContext } from "./context.ts";
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
    const maxBodyBytes = maxBodyOf(new URL(c.req.url).pathname);
    const called = calledProcedures(c, router, maxBodyBytes);
    if (!called.ok) return refuseRequest(c, responses, called.refusal);
    const arrived = await receiveChunkedBody(c.env, maxBodyBytes);
    if (!arrived.ok) return refuseRequest(c, responses, arrived.refusal);
    const commands = called.value.filter((path) => ledgerPaths.has(path)).length;
    const admission = createAdmission(deps, { commands, incoming: c.env.incoming });
    try {
      return await handleRequest(c, endpoint, admission);
    } finally {
      admission.release();
    }
  });
}

/** The largest body of the operation that a path calls alone. */
const maxBodyOf = (pathname: string): number =>
  operationsByPath.get(pathname.slice(ENDPOINT.length + 1))?.rest.maxBodyBytes ?? MAX_BODY_BYTES;

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
 * Refuses, in this order: the body's headers, VALIDATION_FAILED (streams, query), MALFORMED_JSON (in the query),
 * NOT_FOUND, VALIDATION_FAILED (batch).
 */
function calledProcedures(
  c: HonoContext<Env>,
  router: AppRouter,
  maxBodyBytes: number,
): Outcome<readonly string[], Refusal> {
  const hasNoBody = c.req.method === "GET" || c.req.method === "HEAD";
  const allowed = hasNoBody ? ok(undefined) : checkBodyHeaders((name) => c.req.header(name), maxBodyBytes);
  if (!allowed.ok) return allowed;
  if (wantsStream(c)) return invalidRequest("trpc-accept", noStreams);
  const { pathname, search } = new URL(c.req.url);
  const query = readQuery(search);
  if (!query.ok) return query;
  const input = checkMembers(query.value["input"] ?? "", "input");
  if (!input.ok) return input;
  const paths = parsePaths(canonicalPath(pathname), query.value);
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

/**
 * The request as tRPC reads it: with a canonical path, and a body that is strict JSON, because tRPC parses its text with
 * `JSON.parse`.
 */
function toTrpcRequest(request: Request): Request {
  const text = async () => {
    const decoded = decodeJson(await request.arrayBuffer());
    const checked = decoded.ok ? checkMembers(decoded.value) : decoded;
    if (!checked.ok) throw new RefusalError(checked.refusal);
    return checked.value;
  };
  const url = new URL(request.url);
  url.pathname = canonicalPath(url.pathname);
  return Object.defineProperties(request, { text: { value: text }, url: { value: url.href } });
}

/** Whether a batch contains queries and mutations, which have different HTTP methods. Unknown paths count as neither. */
function mixesKinds(router: AppRouter, paths: readonly string[]): boolean {
  // At run time this record is flat, keyed by path ("credits.consume"); its type is nested. `internals.test.ts` checks it.
  const procedures = router._def.procedures as unknown as Readonly<Record<string, AnyProcedure>>;
  const kinds = paths.filter((path) => Object.hasOwn(procedures, path)).map((path) => procedures[path]?._def.type);
  return new Set(kinds).size > 1;
}

/** The procedure paths in a URL; undefined when it cannot be decoded. */
function parsePaths(pathname: string, query: Query): readonly string[] | undefined {
  try {
    const path = decodeURIComponent(pathname.slice(ENDPOINT.length).replaceAll(/^\/|\/$/g, ""));
    return query["batch"] === "1" ? path.split(",") : [path];
  } catch {
    return undefined;
  }
}

/** The refusal of a whole request, in the error shape that a tRPC client reads. */
function refuseRequest(c: HonoContext<Env>, responses: Responses, refusal: Refusal): Response {
  const requestId = requestIdOf(c);
  responses.record(c, refusal);
  const error = toErrorBody(refusal, { language: responses.language(c), requestId });
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

/** The operation of a call, for the record of its refusal: a path that no operation has is none. */
function callOf(path: string | undefined, ctx: Context | undefined): Call {
  const operation = path === undefined ? undefined : operationsByPath.get(path);
  if (path === undefined || operation === undefined) return { operation: "none", caller: undefined };
  return { operation: path, caller: operation.caller === "anyone" ? undefined : ctx?.caller };
}

async function handleRequest(
  c: HonoContext<Env>,
  { deps, responses, router }: TrpcEndpoint,
  admission: Admission,
): Promise<Response> {
  const requestId = requestIdOf(c);
  let isParsed = false;
  let parseError: TRPCError | undefined;
  const response = await fetchRequestHandler({
    endpoint: ENDPOINT,
    req: toTrpcRequest(c.req.raw),
    router,
    maxBatchSize: MAX_BATCH_SIZE,
    createContext: ({ resHeaders, info }) => {
      isParsed = true;
      return createContext(deps, {
        header: (name) => c.req.header(name),
        language: () => responses.language(c),
        requestId,
        setResponseHeader: (name, value) => resHeaders.set(name, value),
        calls: info.calls.length,
        takesSessionCookie: true,
        callMeter: deps.callMeter,
        address: (isSite) => deps.clientAddress(c.env.incoming, isSite),
        admission,
      });
    },
    responseMeta: ({ errors }) => ({
      headers: new Headers([
        ...Object.entries(responses.headers(c)),
        ["Cache-Control", "no-store"],
        ...errors.flatMap((error) => Object.entries(refusalHeaders(refusalOf(error)))),
      ]),
    }),
    onError: ({ error, path, ctx }) => {
      if (isParsed) responses.record(c, refusalOf(error), callOf(path, ctx));
      else parseError = error;
      recordIfUnexpected(deps.log, error, { requestId, ...(path && { path }) });
    },
  });
  // Without a context tRPC's own response has no request id and no language, and its content type is plain text.
  return parseError ? refuseRequest(c, responses, refusalOf(parseError)) : response;
}
