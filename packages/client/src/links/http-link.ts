import { httpBatchLink, httpLink, type Operation, splitLink, type TRPCLink } from "@trpc/client";
import superjson from "superjson";
import type { JifenRouter } from "../router.ts";
import type { Transport } from "../transport.ts";

/** The server's limit for one request. */
const MAX_CALLS_PER_REQUEST = 20;
/** Proxies and servers refuse longer URLs: 2 KB is the least that is common. */
const MAX_URL_LENGTH = 2_000;

/** The call whose body can be larger than that of others, but only in a request of its own. */
const LARGE = "logs.batch";

/** Where and how requests are sent. */
type HttpOptions = {
  /** The address of the tRPC endpoint. */
  readonly url: string;
  readonly headers: () => Promise<Record<string, string>>;
  readonly fetch: Transport;
};

/**
 * Sends calls of one tick in one request, as long as its URL stays short: the inputs of queries are in it, and each
 * Chinese character takes nine characters there. A query that is too long by itself, and a batch of
 * logs, are sent alone.
 */
export function createHttpLink(options: HttpOptions): TRPCLink<JifenRouter> {
  const http = { ...options, transformer: superjson };
  return splitLink({
    condition: (operation) => operation.path === LARGE || urlLengthOf(options.url, operation) > MAX_URL_LENGTH,
    true: httpLink(http),
    false: httpBatchLink({ ...http, maxItems: MAX_CALLS_PER_REQUEST, maxURLLength: MAX_URL_LENGTH }),
  });
}

/** The length of the URL of a batch of this call alone. */
function urlLengthOf(url: string, { type, path, input }: Pick<Operation, "type" | "path" | "input">): number {
  const base = `${url}/${path}?batch=1`;
  if (type !== "query") return base.length;
  try {
    return `${base}&input=${encodeURIComponent(JSON.stringify({ 0: superjson.serialize(input) }))}`.length;
  } catch {
    // The link that sends the call reports what cannot be serialized.
    return base.length;
  }
}
