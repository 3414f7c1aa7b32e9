import type { ClientCode } from "./error.ts";
import { beginTimeLimit } from "./time-limit.ts";
import { warnOfOtherVersion } from "./version.ts";
import type { MessageContext } from "./wording.ts";

/** Sends one HTTP request; the caller decides whether to send another. */
export type Transport = (request: RequestInfo | URL, init?: RequestInit) => Promise<TransportResponse>;

/** A completely received response, as far as tRPC and our errors need it. */
export type TransportResponse = {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly json: () => Promise<unknown>;
};

/** A failure without a response of Jifen. */
export class TransportFailure extends Error {
  override name = "TransportFailure";
  readonly code: ClientCode;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ClientCode, parts: { cause?: unknown; response?: Pick<TransportResponse, "status" | "headers"> }) {
    super(code, { cause: parts.cause });
    this.code = code;
    this.status = parts.response?.status;
    this.retryAfterSeconds = parts.response && retryAfterSeconds(parts.response.headers);
  }
}

/** The Retry-After header in seconds; undefined when it is missing or a date. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

type TransportOptions = {
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly context: MessageContext;
};

/**
 * Creates a `fetch` with a timeout for the whole response, which accepts only JSON.
 * @throws TransportFailure
 */
export function createTransport(options: TransportOptions): Transport {
  return async (request, init) => {
    const { response, text } = await receive(options, request, init);
    try {
      const body: unknown = JSON.parse(text);
      return { ...response, json: async () => body };
    } catch (cause) {
      throw new TransportFailure("UNEXPECTED_RESPONSE", { cause, response });
    }
  };
}

type Received = { readonly response: Omit<TransportResponse, "json">; readonly text: string };

/** Waits for the whole response including its body: a server can stop in the middle of it. */
async function receive(
  options: TransportOptions,
  request: RequestInfo | URL,
  init: RequestInit = {},
): Promise<Received> {
  const { fetch, timeoutMs, context } = options;
  const limit = beginTimeLimit(timeoutMs, init.signal);
  try {
    // Next.js can cache responses of `fetch`; a balance must never come from a cache.
    const response = await fetch(request, { ...init, cache: "no-store", signal: limit.signal });
    const { ok, status, headers } = response;
    warnOfOtherVersion(headers.get("jifen-version"), context);
    return { response: { ok, status, headers }, text: await response.text() };
  } catch (cause) {
    throw new TransportFailure("NETWORK_ERROR", { cause });
  } finally {
    limit.release();
  }
}
