import type { Language } from "@jifen/contract";
import { createTRPCClient, type TRPCClient } from "@trpc/client";
import { rememberConnection } from "./connection.ts";
import { encodeHeaderText } from "./header-text.ts";
import { abortLink } from "./links/abort-link.ts";
import { directionLink } from "./links/direction-link.ts";
import { failureLink } from "./links/failure-link.ts";
import { createHttpLink } from "./links/http-link.ts";
import { idempotencyLink } from "./links/idempotency-link.ts";
import { retryLink } from "./links/retry-link.ts";
import { createLive, type Live } from "./live/live-events.ts";
import type { JifenRouter } from "./router.ts";
import { serverAddress, shownAddress } from "./server-address.ts";
import { createTransport, TransportFailure } from "./transport.ts";

/** Options of a client: the server and the credential. */
export type JifenClientOptions = {
  /** The server's address, such as `https://credits.example.com`, or a path of the same origin, such as `/api/jifen`. */
  readonly url: string;
  /** Sent as X-User-Id: the user that the token belongs to. */
  readonly userId?: string | undefined;
  /**
   * With a service key that has the scopes `act-as` and `users:write`: creates the user of `userId`, with the initial
   * credits, if it does not exist. Without it the setting CREATE_USERS of the server decides.
   */
  readonly createUser?: boolean | undefined;
  /** The language of error messages. Without it the Accept-Language header decides, or else the server. */
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

/**
 * A token; a function that returns one and is called before each request; or, in a page of the server itself, the session
 * of the browser, whose token no script sees. Login needs none of them.
 */
type Credential =
  | { readonly token?: string | undefined; readonly getToken?: never; readonly session?: never }
  | {
      readonly token?: never;
      readonly getToken: () => string | undefined | Promise<string | undefined>;
      readonly session?: never;
    }
  | { readonly token?: never; readonly getToken?: never; readonly session: true };

/**
 * The procedures of Jifen: `jifen.credits.balance.query()`, `jifen.credits.consume.mutate({…})`; and its live events:
 * `jifen.live.events()`.
 */
export type JifenClient = TRPCClient<JifenRouter> & { readonly live: Live };

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Creates a client. It sends nothing before the first call. Calls made in the same tick share one request.
 * A failed call throws a JifenError, after retries if a retry is safe.
 * @throws TypeError when `url` is no address
 */
export function createJifenClient(options: JifenClientOptions): JifenClient {
  const { url, language, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  // The global `fetch` is read at each call, because instrumentation can replace it later.
  const send: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const fetch: typeof globalThis.fetch = options.session
    ? (request, init) => send(request, { ...init, credentials: "same-origin" })
    : send;
  const address = serverAddress(url, "createJifenClient");
  const context = { language, address: shownAddress(address) };
  const headers = () => createHeaders(options);
  const procedures = createTRPCClient<JifenRouter>({
    links: [
      directionLink,
      idempotencyLink,
      abortLink(context),
      retryLink,
      failureLink(context),
      createHttpLink({
        url: `${address}/trpc`,
        headers,
        fetch: createTransport({ fetch, timeoutMs, context }),
      }),
    ],
  });
  const live = createLive({ url: `${address}/live`, headers, fetch, context });
  // The procedures are a proxy as well, which takes every name for one of a procedure.
  const client = new Proxy(procedures, {
    get: (target, name) => (name === "live" ? live : Reflect.get(target, name)),
  }) as JifenClient;
  return rememberConnection(client, { url: address, language, timeoutMs, fetch, headers });
}

/** @throws TransportFailure NOT_SENT when `getToken` or `clientAddress` fails, or a header value is invalid. */
async function createHeaders({
  token,
  getToken,
  session,
  userId,
  createUser,
  language,
  clientAddress,
  siteKey,
}: JifenClientOptions): Promise<Record<string, string>> {
  try {
    const bearer = getToken ? await getToken() : token;
    const headers = new Headers();
    if (bearer) headers.set("authorization", `Bearer ${bearer}`);
    if (session) headers.set("x-jifen-session", "1");
    if (userId) headers.set("x-user-id", encodeHeaderText(userId));
    if (createUser !== undefined) headers.set("x-create-user", String(createUser));
    if (language) headers.set("accept-language", language);
    const visitor = await clientAddress?.();
    if (visitor) headers.set("x-forwarded-for", visitor);
    if (visitor && siteKey) headers.set("x-site-key", siteKey);
    return Object.fromEntries(headers);
  } catch (cause) {
    throw new TransportFailure("NOT_SENT", { cause });
  }
}
