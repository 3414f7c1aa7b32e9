import type { ErrorBody } from "@jifen/client";
import { languageOf } from "./accept-language.ts";

/** The nouns that pages may call. `auth` is not among them: it answers with a token. */
const PATH = /^(?:credits|health|logs)\.\w+(?:,(?:credits|health|logs)\.\w+)*$/;
const MAX_BODY_BYTES = 102_400;
/** Shorter than the 30 s that the client waits for one attempt, so that it hears the reason. */
const GIVE_UP_AFTER_MS = 25_000;
const HEADERS_BACK = ["content-type", "cache-control", "x-request-id", "retry-after", "idempotency-replayed"];

/** Where a request of a page goes, and with which credential. */
export type Target = {
  readonly path: readonly string[];
  readonly apiUrl: string;
  readonly token: string | undefined;
};

/**
 * Sends a page's call on to the API and adds the token, which the page itself never sees.
 * Answers like the API does when there is nothing to send on or nobody to send it to.
 */
export async function forward(request: Request, { path, apiUrl, token }: Target): Promise<Response> {
  const [procedures = ""] = path;
  if (path.length !== 1 || !PATH.test(procedures)) return refuse(request, "NOT_FOUND");
  if (request.method === "POST" && !isFromOwnPage(request)) return refuse(request, "FORBIDDEN");
  const body = request.method === "POST" ? await bodyOf(request) : undefined;
  if (body === null) return refuse(request, "PAYLOAD_TOO_LARGE");
  const url = `${apiUrl.replace(/\/+$/, "")}/trpc/${procedures}${new URL(request.url).search}`;
  const headers = headersOn(request, token);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]);
  try {
    const answer = await fetch(url, {
      method: request.method,
      headers,
      body,
      signal,
      redirect: "manual",
      cache: "no-store",
    });
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers: headersBack(answer.headers) });
  } catch (error) {
    return refuse(request, wasNeverSent(error) ? "OVERLOADED" : "OUTCOME_UNKNOWN");
  }
}

/**
 * Whether a page of this very site sent the request. Browsers say so in Sec-Fetch-Site over HTTPS and on
 * localhost, and in Origin everywhere; whoever says neither is no browser with our cookie.
 */
export function isFromOwnPage({ headers }: Pick<Request, "headers">): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === host;
}

/** The body in memory: the API wants its length. Null when it is too large. */
async function bodyOf(request: Request): Promise<ArrayBuffer | null> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return null;
  const body = await request.arrayBuffer();
  return body.byteLength > MAX_BODY_BYTES ? null : body;
}

function headersOn(request: Request, token: string | undefined): Headers {
  const headers = new Headers();
  for (const name of ["content-type", "accept-language"]) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  return headers;
}

function headersBack(from: Headers): Headers {
  const headers = new Headers();
  for (const name of HEADERS_BACK) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

/** Whether there was no connection at all, so that certainly nothing happened. */
function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(
    String(cause?.code),
  );
}

const refusals = {
  NOT_FOUND: { status: 404, zh: "没有这个地址", en: "There is nothing at this address" },
  FORBIDDEN: { status: 403, zh: "只接受本站页面的请求", en: "Only pages of this site may ask this" },
  PAYLOAD_TOO_LARGE: { status: 413, zh: "请求体过大", en: "The request body is too large" },
  OVERLOADED: {
    status: 503,
    zh: "服务暂时不可用，请稍后重试；本次请求未执行",
    en: "The service is away; nothing was done, retry shortly",
  },
  OUTCOME_UNKNOWN: { status: 503, zh: "结果未知，请稍后重试", en: "The outcome is unknown; retry shortly" },
} as const;

type OwnError = { code: keyof typeof refusals; limitBytes?: number } & Pick<ErrorBody, "message" | "requestId">;

/** An error in the form of the API's own. */
function refuse(request: Request, code: keyof typeof refusals): Response {
  const { status, ...words } = refusals[code];
  const language = languageOf(request.headers.get("accept-language"));
  const requestId = crypto.randomUUID();
  const limit = code === "PAYLOAD_TOO_LARGE" ? { limitBytes: MAX_BODY_BYTES } : {};
  const body: OwnError = { code, message: words[language], requestId, ...limit };
  const retry: Record<string, string> = status === 503 ? { "Retry-After": "1" } : {};
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", "X-Request-Id": requestId, ...retry } });
}
