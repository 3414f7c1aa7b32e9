import type { ClientCode } from "./error.ts";

/** Sends one HTTP request; the caller decides whether to send another. */
export type Transport = (request: RequestInfo | URL, init?: RequestInit) => Promise<Answer>;

/** What tRPC and the error need of an answer that was read to its end. */
export type Answer = {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly json: () => Promise<unknown>;
};

/** No answer of Jifen's came back, and why. */
export class TransportFailure extends Error {
  override name = "TransportFailure";
  readonly code: ClientCode;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ClientCode, facts: { cause?: unknown; answer?: Pick<Answer, "status" | "headers"> }) {
    super(code, { cause: facts.cause });
    this.code = code;
    this.status = facts.answer?.status;
    this.retryAfterSeconds = facts.answer && retryAfterSeconds(facts.answer.headers);
  }
}

/** The Retry-After header in seconds; undefined when it is missing or a date. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

type Carrier = { readonly fetch: typeof globalThis.fetch; readonly timeoutMs: number };

/**
 * A `fetch` that ends: after `timeoutMs` without the whole answer it fails, and it hands out
 * nothing but JSON. @throws TransportFailure
 */
export function createTransport(carrier: Carrier): Transport {
  return async (request, init) => {
    const { answer, text } = await receive(carrier, request, init);
    try {
      const body: unknown = JSON.parse(text);
      return { ...answer, json: async () => body };
    } catch (cause) {
      throw new TransportFailure("UNEXPECTED_ANSWER", { cause, answer });
    }
  };
}

type Received = { readonly answer: Omit<Answer, "json">; readonly text: string };

/** Waits for the whole answer, the body included: a server may fall silent in the middle. */
async function receive(carrier: Carrier, request: RequestInfo | URL, init: RequestInit = {}): Promise<Received> {
  const { fetch, timeoutMs } = carrier;
  const { signal } = init;
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  const timer = setTimeout(
    () => stop.abort(new DOMException(`No answer in ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    // Next.js keeps answers of `fetch` where it may; a balance must never come from a cache.
    const response = await fetch(request, { ...init, cache: "no-store", signal: stop.signal });
    const { ok, status, headers } = response;
    return { answer: { ok, status, headers }, text: await response.text() };
  } catch (cause) {
    throw new TransportFailure("NETWORK_ERROR", { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
