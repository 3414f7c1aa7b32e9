import type { Language } from "@jifen/contract";
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import { abortLink } from "./links/abort-link.ts";
import { failureLink } from "./links/failure-link.ts";
import { idempotencyLink } from "./links/idempotency-link.ts";
import { retryLink } from "./links/retry-link.ts";
import type { JifenRouter } from "./router.ts";
import { createTransport, TransportFailure } from "./transport.ts";

/** Where the server is and on whose behalf it is called. */
export type JifenClientOptions = {
  /** The server's address, such as `https://credits.example.com`, or a path of the same origin, such as `/api/jifen`. */
  readonly url: string;
  /** Sent as X-User-Id: the user that the token belongs to. */
  readonly userId?: string | undefined;
  /** Of the messages; without it Accept-Language decides, and the default is Chinese. */
  readonly language?: Language | undefined;
  /** Instead of the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long one attempt may take, in milliseconds; 30,000 by default. A call makes four attempts at most. */
  readonly timeoutMs?: number | undefined;
} & Credential;

/** A token, or a function that is asked for one before each request. Logging in needs neither. */
type Credential =
  | { readonly token?: string | undefined; readonly getToken?: never }
  | { readonly token?: never; readonly getToken: () => string | undefined | Promise<string | undefined> };

/** The procedures of Jifen: `jifen.credits.balance.query()`, `jifen.credits.consume.mutate({…})`. */
export type JifenClient = TRPCClient<JifenRouter>;

/** The server takes as many calls in one request and no more. */
const MAX_CALLS_PER_REQUEST = 20;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Makes a client. Nothing is sent before the first call; calls made in the same tick travel together.
 * Every call that fails throws a JifenError; what may be repeated without harm is repeated first.
 */
export function createJifenClient(options: JifenClientOptions): JifenClient {
  const { url, language, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  // Looked up at each call: tools that wrap the global `fetch` may arrive after this client.
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  return createTRPCClient<JifenRouter>({
    links: [
      idempotencyLink,
      abortLink(language),
      retryLink,
      failureLink(language),
      httpBatchLink({
        url: `${url.replace(/\/+$/, "")}/trpc`,
        maxItems: MAX_CALLS_PER_REQUEST,
        transformer: superjson,
        headers: () => headersOf(options),
        fetch: createTransport({ fetch, timeoutMs }),
      }),
    ],
  });
}

/** @throws TransportFailure NOT_SENT when there is no token to be had, or a header cannot be written. */
async function headersOf({ token, getToken, userId, language }: JifenClientOptions): Promise<Record<string, string>> {
  try {
    const bearer = getToken ? await getToken() : token;
    const headers = new Headers();
    if (bearer) headers.set("authorization", `Bearer ${bearer}`);
    if (userId) headers.set("x-user-id", userId);
    if (language) headers.set("accept-language", language);
    return Object.fromEntries(headers);
  } catch (cause) {
    throw new TransportFailure("NOT_SENT", { cause });
  }
}
