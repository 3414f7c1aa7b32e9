import type { Language } from "@jifen/contract";
import { createTRPCClient, type TRPCClient } from "@trpc/client";
import { encodeHeaderText } from "./header-text.ts";
import { abortLink } from "./links/abort-link.ts";
import { failureLink } from "./links/failure-link.ts";
import { createHttpLink } from "./links/http-link.ts";
import { idempotencyLink } from "./links/idempotency-link.ts";
import { retryLink } from "./links/retry-link.ts";
import type { JifenRouter } from "./router.ts";
import { createTransport, TransportFailure } from "./transport.ts";

/** Options of a client: the server and the credential. */
export type JifenClientOptions = {
  /** The server's address, such as `https://credits.example.com`, or a path of the same origin, such as `/api/jifen`. */
  readonly url: string;
  /** Sent as X-User-Id: the user that the token belongs to. */
  readonly userId?: string | undefined;
  /** The language of error messages. Without it the Accept-Language header decides; the default is Chinese. */
  readonly language?: Language | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * On the server of a site: the network address of its visitor, called before each request. Limits, such as those for
   * wrong passwords, then count the visitor and not the site. Jifen believes it from a site that TRUST_PROXY names, or with
   * a `siteKey`.
   */
  readonly clientAddress?: (() => string | undefined | Promise<string | undefined>) | undefined;
  /** A service key with the scope `visitor-address`, for a site whose own address changes. Never send it to browsers. */
  readonly siteKey?: string | undefined;
  /** The timeout of one attempt in milliseconds; 30,000 by default. A call makes at most four attempts. */
  readonly timeoutMs?: number | undefined;
} & Credential;

/** A token, or a function that returns one and is called before each request. Login needs neither. */
type Credential =
  | { readonly token?: string | undefined; readonly getToken?: never }
  | { readonly token?: never; readonly getToken: () => string | undefined | Promise<string | undefined> };

/** The procedures of Jifen: `jifen.credits.balance.query()`, `jifen.credits.consume.mutate({…})`. */
export type JifenClient = TRPCClient<JifenRouter>;

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Creates a client. It sends nothing before the first call. Calls made in the same tick share one request.
 * A failed call throws a JifenError, after retries if a retry is safe.
 */
export function createJifenClient(options: JifenClientOptions): JifenClient {
  const { url, language, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  // The global `fetch` is read at each call, because instrumentation can replace it later.
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  return createTRPCClient<JifenRouter>({
    links: [
      idempotencyLink,
      abortLink(language),
      retryLink,
      failureLink(language),
      createHttpLink({
        url: `${url.replace(/\/+$/, "")}/trpc`,
        headers: () => createHeaders(options),
        fetch: createTransport({ fetch, timeoutMs }),
      }),
    ],
  });
}

/** @throws TransportFailure NOT_SENT when `getToken` or `clientAddress` fails, or a header value is invalid. */
async function createHeaders({
  token,
  getToken,
  userId,
  language,
  clientAddress,
  siteKey,
}: JifenClientOptions): Promise<Record<string, string>> {
  try {
    const bearer = getToken ? await getToken() : token;
    const headers = new Headers();
    if (bearer) headers.set("authorization", `Bearer ${bearer}`);
    if (userId) headers.set("x-user-id", encodeHeaderText(userId));
    if (language) headers.set("accept-language", language);
    const visitor = await clientAddress?.();
    if (visitor) headers.set("x-forwarded-for", visitor);
    if (visitor && siteKey) headers.set("x-site-key", siteKey);
    return Object.fromEntries(headers);
  } catch (cause) {
    throw new TransportFailure("NOT_SENT", { cause });
  }
}
