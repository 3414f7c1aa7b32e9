import { createParser } from "eventsource-parser";
import { isErrorBody, JifenError, type JifenErrorCode, type JifenErrorDetails } from "../error.ts";
import { retryAfterSeconds, TransportFailure } from "../transport.ts";
import { type MessageContext, wordingOf } from "../wording.ts";
import type { StreamMessage } from "./live-event.ts";

/** The server sends something every 15 seconds: after this silence the connection counts as lost. */
const SILENCE_MS = 40_000;

/** Where and how a stream is opened. */
export type StreamRequest = {
  readonly url: string;
  /** @throws TransportFailure NOT_SENT */
  readonly headers: () => Promise<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly context: MessageContext;
  readonly signal: AbortSignal | undefined;
};

/** What a stream sends: a message, or how long to wait before the next connection. */
export type StreamPart = StreamMessage | { readonly retryMs: number };

/** The parts of one connection, until the server ends it. @throws JifenError */
export async function* readStream(request: StreamRequest): AsyncGenerator<StreamPart> {
  const connection = new AbortController();
  const leave = () => connection.abort();
  request.signal?.addEventListener("abort", leave, { once: true });
  let timer = setTimeout(leave, SILENCE_MS);
  try {
    const body = await connect(request, connection.signal);
    const parts: StreamPart[] = [];
    const parser = createParser({
      onEvent: (message) => parts.push(message),
      onRetry: (retryMs) => parts.push({ retryMs }),
    });
    const decoder = new TextDecoder();
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(leave, SILENCE_MS);
      parser.feed(decoder.decode(value, { stream: true }));
      yield* parts.splice(0);
    }
  } catch (error) {
    throw toError(error, request.context);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", leave);
    leave();
  }
}

async function connect(request: StreamRequest, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { url, fetch, headers, context } = request;
  const sent = { ...(await headers()), accept: "text/event-stream" };
  const response = await fetch(url, { headers: sent, signal, cache: "no-store" });
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (response.ok && isStream && response.body) return response.body;
  throw await refusalOf(response, context);
}

/** The refusal in a response, or that it is not from Jifen. */
async function refusalOf(response: Response, context: MessageContext): Promise<JifenError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!isErrorBody(body)) return clientError(new TransportFailure("UNEXPECTED_RESPONSE", { response }), context);
  const { code, message, requestId, ...details } = body;
  return new JifenError<JifenErrorCode>({
    ...{ code, message, requestId, status: response.status },
    details: details as JifenErrorDetails<typeof code>,
    retryAfterSeconds: retryAfterSeconds(response.headers),
  });
}

function toError(error: unknown, context: MessageContext): JifenError {
  if (error instanceof JifenError) return error;
  const isKnown = error instanceof TransportFailure;
  return clientError(isKnown ? error : new TransportFailure("NETWORK_ERROR", { cause: error }), context);
}

function clientError(failure: TransportFailure, context: MessageContext): JifenError {
  const { code, status, cause } = failure;
  return new JifenError<JifenErrorCode>({
    ...{
      code,
      status,
      message: wordingOf(code, { ...context, status }),
      details: {} as JifenErrorDetails<typeof code>,
    },
    retryAfterSeconds: failure.retryAfterSeconds,
    cause: cause instanceof Error ? cause : failure,
  });
}
