import { encodeHeaderText } from "../header-text.ts";
import { serverAddress } from "../server-address.ts";
import { readBody } from "./body.ts";
import { identityOf, type JifenIdentity } from "./identity.ts";
import { defaultPaths, type JifenPath, wantedIn } from "./paths.ts";
import { refuse } from "./refuse.ts";
import { report } from "./report.ts";
import { isSameOrigin } from "./same-origin.ts";

/** Options of the handler. */
export type JifenHandlerOptions = {
  /** The address at which this server reaches Jifen. */
  readonly url: string;
  /**
   * Whose request this is. Null, and a user or token that is no text for a header, answer UNAUTHENTICATED without a call of
   * Jifen; an error and a missing key answer INTERNAL_ERROR, with the reason on the console of this server alone.
   */
  readonly identify: (request: Request) => Promise<JifenIdentity | null>;
  /** What pages can call; `defaultPaths` if left out. `auth` is never forwarded. */
  readonly allow?: readonly JifenPath[] | undefined;
  /** The visitor's network address, if the proxies of this site name it: limits then count the visitor and not the site. */
  readonly clientAddress?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
  /** A service key with the scope `visitor-address`, unless TRUST_PROXY names this site. */
  readonly siteKey?: string | undefined;
};

/** Shorter than the 30 s that the client waits for one attempt, so that the client receives the reason. */
const API_TIMEOUT_MS = 25_000;
const REQUEST_HEADERS = ["content-type", "accept", "accept-language", "last-event-id"];
const RESPONSE_HEADERS = ["content-type", "cache-control", "x-request-id", "retry-after", "idempotency-replayed"];

/**
 * Creates the route handler behind `createJifenClient({ url: "/api/jifen" })` and the React hooks: for GET and POST of
 * `…/trpc/*`, and GET of `…/live`. It forwards calls to Jifen and adds the credential, which no script of the page can read.
 * Refuses like the API: INTERNAL_ERROR (a wrong `url`, or from `identify`), NOT_FOUND (not in `allow`), METHOD_NOT_ALLOWED,
 * FORBIDDEN (a POST from a page of another site), UNAUTHENTICATED, PAYLOAD_TOO_LARGE; OVERLOADED when Jifen cannot be reached, OUTCOME_UNKNOWN when its response is lost.
 */
export function createJifenHandler(options: JifenHandlerOptions): (request: Request) => Promise<Response> {
  const { identify, allow = defaultPaths } = options;
  return async (request) => {
    const address = addressIn(options);
    if (address === undefined) return refuse(request, "INTERNAL_ERROR");
    const { pathname, search } = new URL(request.url);
    const wanted = wantedIn(pathname, allow);
    if (wanted === undefined) return refuse(request, "NOT_FOUND");
    const isPost = request.method === "POST" && wanted.kind === "procedures";
    if (!isPost && request.method !== "GET") return refuse(request, "METHOD_NOT_ALLOWED");
    if (isPost && !isSameOrigin(request)) return refuse(request, "FORBIDDEN");
    const identity = await identityOf(identify, request);
    if (typeof identity === "string") return refuse(request, identity);
    const body = isPost ? await readBody(request) : undefined;
    if (body === null) return refuse(request, "PAYLOAD_TOO_LARGE");
    const headers = await requestHeaders(request, { ...options, identity });
    const path = wanted.kind === "live" ? "live" : `trpc/${wanted.text}`;
    return forward(request, { url: `${address}/${path}${search}`, headers, body, isStream: wanted.kind === "live" });
  };
}

/** Read with a request: Next.js loads handlers during a build too, which need not know the settings of the running site. */
function addressIn({ url }: JifenHandlerOptions): string | undefined {
  try {
    return serverAddress(url, "createJifenHandler");
  } catch (error) {
    report(error);
    return undefined;
  }
}

type Forwarded = {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Blob | undefined;
  readonly isStream: boolean;
};

async function forward(request: Request, { url, headers, body, isStream }: Forwarded): Promise<Response> {
  const { method, signal } = request;
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body ?? null,
      // A stream ends when the visitor leaves.
      signal: isStream ? signal : AbortSignal.any([signal, AbortSignal.timeout(API_TIMEOUT_MS)]),
      redirect: "manual",
      cache: "no-store",
    });
    const { status } = response;
    return new Response(isStream ? response.body : await response.arrayBuffer(), {
      status,
      headers: responseHeaders(response.headers),
    });
  } catch (error) {
    return refuse(request, isNotSent(error) ? "OVERLOADED" : "OUTCOME_UNKNOWN");
  }
}

type Sender = Pick<JifenHandlerOptions, "clientAddress" | "siteKey"> & { readonly identity: JifenIdentity };

async function requestHeaders(request: Request, { identity, clientAddress, siteKey }: Sender): Promise<Headers> {
  const headers = picked(request.headers, REQUEST_HEADERS);
  if ("token" in identity) headers.set("authorization", `Bearer ${identity.token}`);
  else {
    headers.set("authorization", `Bearer ${identity.key}`);
    headers.set("x-user-id", encodeHeaderText(identity.userId));
    if (identity.createUser !== undefined) headers.set("x-create-user", String(identity.createUser));
  }
  // Never what the visitor sent: any address can be invented.
  const visitor = await clientAddress?.(request);
  if (visitor !== undefined) headers.set("x-forwarded-for", visitor);
  if (visitor !== undefined && siteKey !== undefined) headers.set("x-site-key", siteKey);
  return headers;
}

const responseHeaders = (from: Headers): Headers => picked(from, RESPONSE_HEADERS);

function picked(from: Headers, names: readonly string[]): Headers {
  const headers = new Headers();
  for (const name of names) {
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
