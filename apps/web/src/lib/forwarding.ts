import { preferredLanguage, type RefusalSpec, refusals } from "@jifen/client";

/** The procedures that pages can call. `auth` is not among them: its responses contain a token. */
const PATH = /^(?:credits|health|logs)\.\w+(?:,(?:credits|health|logs)\.\w+)*$/;
const MAX_BODY_BYTES = 102_400;
/** Shorter than the 30 s that the client waits for one attempt, so that the client receives the reason. */
const API_TIMEOUT_MS = 25_000;
const RESPONSE_HEADERS = ["content-type", "cache-control", "x-request-id", "retry-after", "idempotency-replayed"];

/** Where a request is forwarded to, and with which credential. */
export type Target = {
  readonly path: readonly string[];
  readonly apiUrl: string;
  readonly token: string | undefined;
};

/**
 * Forwards a call of a page to the API and adds the token, which no script of the page can read.
 * Refuses like the API: NOT_FOUND, FORBIDDEN (a page of another site), PAYLOAD_TOO_LARGE; OVERLOADED when the API cannot
 * be reached, OUTCOME_UNKNOWN when its response is lost.
 */
export async function forward(request: Request, { path, apiUrl, token }: Target): Promise<Response> {
  const [procedures = ""] = path;
  if (path.length !== 1 || !PATH.test(procedures)) return refuse(request, "NOT_FOUND");
  if (request.method === "POST" && !isSameOrigin(request)) return refuse(request, "FORBIDDEN");
  const body = request.method === "POST" ? await readBody(request) : undefined;
  if (body === null) return refuse(request, "PAYLOAD_TOO_LARGE");
  const url = `${apiUrl.replace(/\/+$/, "")}/trpc/${procedures}${new URL(request.url).search}`;
  const headers = requestHeaders(request, token);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(API_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, {
      method: request.method,
      headers,
      body,
      signal,
      redirect: "manual",
      cache: "no-store",
    });
    return new Response(await response.arrayBuffer(), {
      status: response.status,
      headers: responseHeaders(response.headers),
    });
  } catch (error) {
    return refuse(request, isNotSent(error) ? "OVERLOADED" : "OUTCOME_UNKNOWN");
  }
}

/**
 * Whether a page of this site sent the request. Browsers send Sec-Fetch-Site over HTTPS and on localhost, and Origin
 * with every POST. A request with neither does not come from a browser that has our cookie.
 */
export function isSameOrigin({ headers }: Pick<Request, "headers">): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === host;
}

/** Reads the body into memory, so that it is sent with its length. Null when it is too large, read only to the limit. */
async function readBody(request: Request): Promise<Blob | null> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

function requestHeaders(request: Request, token: string | undefined): Headers {
  const headers = new Headers();
  for (const name of ["content-type", "accept-language"]) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  return headers;
}

function responseHeaders(from: Headers): Headers {
  const headers = new Headers();
  for (const name of RESPONSE_HEADERS) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

/** Whether no connection was established, so that the request had no effect. */
function isNotSent(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(
    String(cause?.code),
  );
}

/** Our own text of FORBIDDEN: the API's is about roles and scopes. */
const foreignPage = { zh: "只接受本站页面的请求", en: "Only pages of this site can send this request" };

type ForwardingCode = "NOT_FOUND" | "FORBIDDEN" | "PAYLOAD_TOO_LARGE" | "OVERLOADED" | "OUTCOME_UNKNOWN";

/** An error response like that of the API, with the status and the text of its refusal table. */
function refuse(request: Request, code: ForwardingCode): Response {
  const { status, retryAfterSeconds, ...texts }: RefusalSpec = refusals[code];
  const { [preferredLanguage(request.headers.get("accept-language"))]: message } =
    code === "FORBIDDEN" ? foreignPage : texts;
  const requestId = crypto.randomUUID();
  const limit = code === "PAYLOAD_TOO_LARGE" ? { limitBytes: MAX_BODY_BYTES } : {};
  const headers = new Headers({ "Cache-Control": "no-store", "X-Request-Id": requestId });
  // The rest of a body that is too large may be endless: it is not read.
  if (code === "PAYLOAD_TOO_LARGE") headers.set("Connection", "close");
  if (retryAfterSeconds !== undefined) headers.set("Retry-After", String(retryAfterSeconds));
  return Response.json({ code, message, requestId, ...limit }, { status, headers });
}
