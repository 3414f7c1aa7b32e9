import { randomUUID } from "node:crypto";
import { type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { RequestError } from "@hono/node-server";
import type { Language, Refusal } from "@jifen/contract";
import { answerInProgress } from "./connections/connection.ts";
import { isIgnored } from "./connections/pipelining.ts";
import { specOf, toErrorBody } from "./error-response.ts";
import { toNetwork } from "./rate-limits/client-address.ts";
import type { RefusalRecorder } from "./refusals/recorder.ts";
import { sharedHeaders } from "./responses.ts";

/** Refusals for Node's parser errors; all other errors are MALFORMED_REQUEST. */
const refusalByCode: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { code: "HEADERS_TOO_LARGE" },
  ERR_HTTP_REQUEST_TIMEOUT: { code: "REQUEST_TIMEOUT" },
};

/** The parts of a response to a request that could not be parsed, so that the language it asks for is unknown. */
function refusalResponse(refusal: Refusal, language: Language) {
  const requestId = `req-${randomUUID()}`;
  const body = JSON.stringify(toErrorBody(refusal, { language, requestId }));
  const headers = {
    ...sharedHeaders,
    "X-Request-Id": requestId,
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
  };
  return { status: specOf(refusal).status, headers, body };
}

/** What the answers need: the record of all other refusals, and the language of a caller that could ask for none. */
type MalformedDeps = {
  readonly refusalRecorder: Pick<RefusalRecorder, "record">;
  readonly messageLanguage: Language;
};

/** A refusal that reaches no route, and its connection: its address counts as that of the caller. */
type RefusedSocket = { readonly refusal: Refusal; readonly socket: Pick<Socket, "remoteAddress"> };

/** Counts and logs a request that could not be parsed, and makes its response. */
function refuseMalformed({ refusalRecorder, messageLanguage }: MalformedDeps, { refusal, socket }: RefusedSocket) {
  const response = refusalResponse(refusal, messageLanguage);
  refusalRecorder.record({
    refusal,
    operation: "none",
    requestId: response.headers["X-Request-Id"],
    address: () => toNetwork(socket.remoteAddress ?? ""),
    userAgent: undefined,
    hasCredential: false,
    caller: undefined,
  });
  return response;
}

/** Sends a refusal instead of an answer, and closes the connection. */
function endWith(socket: Socket, refusal: Refusal, deps: MalformedDeps): void {
  const { status, headers, body } = refuseMalformed(deps, { refusal, socket });
  const lines = Object.entries({ ...headers, Connection: "close" }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`, () =>
    socket.destroy(),
  );
}

/**
 * Refuses a request whose body does not arrive in time. It had no effect: nothing is done before its body is there. A
 * request that is already being answered is only cut off.
 */
export function answerLateBody(socket: Socket, deps: MalformedDeps): void {
  const answer = answerInProgress(socket);
  if (!socket.writable || !answer || answer.headersSent || answer.req.complete) return void socket.destroy();
  endWith(socket, { code: "REQUEST_TIMEOUT" }, deps);
}

/** Responds to bytes that are not HTTP, and to unsupported Expect headers, with the headers of all other responses. */
export function answerMalformedRequests(server: Server, deps: MalformedDeps): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (isIgnored(socket)) return;
    const refusal = refusalByCode[error.code ?? ""] ?? { code: "MALFORMED_REQUEST" };
    if (refusal.code === "REQUEST_TIMEOUT" && answerInProgress(socket)) return void answerLateBody(socket, deps);
    // A response is in progress, maybe of a request that took effect. More bytes could look like a second response.
    if (!socket.writable || answerInProgress(socket)) return void socket.destroy();
    endWith(socket, refusal, deps);
  });
  server.on("checkExpectation", (request, response) => {
    const refusal: Refusal = { code: "EXPECTATION_FAILED" };
    const { status, headers, body } = refuseMalformed(deps, { refusal, socket: request.socket });
    response.writeHead(status, headers).end(body);
  });
}

/** The response to a request without a valid URL, for example with an invalid Host. Any other error is a bug. */
export function answerInvalidHost(error: unknown, deps: MalformedDeps): Response {
  const refusal: Refusal = { code: error instanceof RequestError ? "MALFORMED_REQUEST" : "INTERNAL_ERROR" };
  // The adapter passes on the error alone, so the address is unknown here.
  const { status, headers, body } = refuseMalformed(deps, { refusal, socket: { remoteAddress: undefined } });
  return new Response(body, { status, headers });
}
