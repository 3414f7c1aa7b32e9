import { bilingual, type Refusal } from "@jifen/contract";
import { ok } from "@jifen/core";
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
import { createContext, languageOf } from "./context.ts";
import { type AppRouter, toSuperjson } from "./procedure.ts";

/** How many calls one request may carry. */
const MAX_BATCH_SIZE = 20;
const ENDPOINT = "/trpc";

/** What serves the router. */
type Served = { readonly deps: Deps; readonly answers: Responses; readonly router: AppRouter };

/** Serves the router to typed clients at /trpc. */
export function mountTrpc(app: Hono<Env>, served: Served): void {
  const { answers } = served;
  app.on(["GET", "POST"], `${ENDPOINT}/*`, async (c) => {
    const hasNoBody = c.req.method === "GET" || c.req.method === "HEAD";
    const allowed = hasNoBody ? ok(undefined) : checkBodyHeaders((name) => c.req.header(name));
    if (!allowed.ok) return refuseAll(c, answers, allowed.refusal);
    if (wantsStream(c)) {
      return refuseAll(c, answers, {
        code: "VALIDATION_FAILED",
        issues: [{ path: "trpc-accept", message: noStreams }],
      });
    }
    const paths = pathsIn(c.req.url);
    if (!paths) return refuseAll(c, answers, { code: "NOT_FOUND" });
    if (paths.length > MAX_BATCH_SIZE) {
      return refuseAll(c, answers, { code: "VALIDATION_FAILED", issues: [{ path: "batch", message: tooMany }] });
    }
    if (isMixed(served.router, paths)) {
      return refuseAll(c, answers, { code: "VALIDATION_FAILED", issues: [{ path: "batch", message: mixed }] });
    }
    const commands = paths.filter((path) => ledgerPaths.has(path)).length;
    if (commands === 0) return answer(c, served);
    const { commandLimiter } = served.deps;
    const permit = await commandLimiter.acquire({ commands, hasArrived: () => c.env.incoming.complete });
    if (!permit.ok) return refuseAll(c, answers, permit.refusal);
    try {
      return await answer(c, served);
    } finally {
      permit.value.release();
    }
  });
}

const tooMany = bilingual({
  zh: `一次批量请求最多 ${MAX_BATCH_SIZE} 个调用`,
  en: `a batch may have at most ${MAX_BATCH_SIZE} calls`,
});

const noStreams = bilingual({
  zh: "不支持流式响应（application/jsonl）：请使用 httpBatchLink",
  en: "answers are not streamed (application/jsonl): use httpBatchLink",
});

/**
 * A stream begins with status 200 before the first call is done: nobody could tell a refusal by it, nor be told to wait.
 * tRPC streams for either of these headers.
 */
const wantsStream = (c: HonoContext<Env>): boolean =>
  `${c.req.header("trpc-accept")},${c.req.header("accept")}`
    .split(",")
    .some((type) => type.trim().startsWith("application/jsonl"));

const mixed = bilingual({
  zh: "一次批量请求只能全是查询或全是变更",
  en: "a batch has queries alone or mutations alone",
});

/** Whether a request has queries and mutations, for which there are two methods. A name that nobody knows is neither. */
function isMixed(router: AppRouter, paths: readonly string[]): boolean {
  // Flat, by the names that a request has; its type is of the nouns and their verbs.
  const table = router._def.procedures as unknown as Readonly<Record<string, AnyProcedure>>;
  const kinds = new Set(paths.filter((path) => Object.hasOwn(table, path)).map((path) => table[path]?._def.type));
  return kinds.size > 1;
}

/**
 * The procedures that a request names; undefined when its address is not even text. Looked at before
 * tRPC does: what it refuses has no context, so no request id and no language.
 */
function pathsIn(url: string): readonly string[] | undefined {
  const { pathname, searchParams } = new URL(url);
  try {
    const path = decodeURIComponent(pathname.slice(ENDPOINT.length).replaceAll(/^\/|\/$/g, ""));
    return searchParams.get("batch") === "1" ? path.split(",") : [path];
  } catch {
    return undefined;
  }
}

/** What is wrong with the request as a whole, in the shape that a tRPC client reads. */
function refuseAll(c: HonoContext<Env>, answers: Responses, refusal: Refusal): Response {
  const requestId = requestIdOf(c);
  const error = toErrorBody(refusal, { language: languageOf(c.req.header("accept-language")), requestId });
  const { status } = specOf(refusal);
  const shape = {
    message: error.message,
    code: -32600,
    data: { code: "BAD_REQUEST", path: null, httpStatus: status, app: error },
  };
  return answers.json(
    c,
    { error: toSuperjson(shape) },
    { status, headers: { "Cache-Control": "no-store", ...refusalHeaders(refusal) } },
  );
}

async function answer(c: HonoContext<Env>, { deps, answers, router }: Served): Promise<Response> {
  const requestId = requestIdOf(c);
  let isRead = false;
  let unread: TRPCError | undefined;
  const response = await fetchRequestHandler({
    endpoint: ENDPOINT,
    req: c.req.raw,
    router,
    maxBatchSize: MAX_BATCH_SIZE,
    createContext: ({ resHeaders, info }) => {
      isRead = true;
      return createContext(deps, {
        header: (name) => c.req.header(name),
        requestId,
        setReplyHeader: (name, value) => resHeaders.set(name, value),
        calls: info.calls.length,
        address: () => deps.clientAddress(c.env.incoming),
      });
    },
    responseMeta: ({ errors }) => ({
      headers: new Headers([
        ...Object.entries(answers.headers(c)),
        ["Cache-Control", "no-store"],
        ...errors.flatMap((error) => Object.entries(refusalHeaders(refusalOf(error)))),
      ]),
    }),
    onError: ({ error, path }) => {
      if (!isRead) unread = error;
      recordIfUnexpected(deps.log, error, { requestId, ...(path && { path }) });
    },
  });
  // Without a context tRPC's own answer has neither a request id nor a language, and calls itself plain text.
  return unread ? refuseAll(c, answers, refusalOf(unread)) : response;
}
