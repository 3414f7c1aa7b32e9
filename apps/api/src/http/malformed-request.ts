import { randomUUID } from "node:crypto";
import { type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { RequestError } from "@hono/node-server";
import type { Refusal } from "@jifen/contract";
import { specOf, toErrorBody } from "./error-response.ts";
import { sharedHeaders } from "./responses.ts";

/** Refusals for Node's parser errors; all other errors are MALFORMED_REQUEST. */
const refusalByCode: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { code: "HEADERS_TOO_LARGE" },
  ERR_HTTP_REQUEST_TIMEOUT: { code: "REQUEST_TIMEOUT" },
};

/** The parts of a response to a request that could not be parsed. Its language is unknown, so it is Chinese. */
function refusalResponse(refusal: Refusal) {
  const requestId = `req-${randomUUID()}`;
  const body = JSON.stringify(toErrorBody(refusal, { language: "zh", requestId }));
  const headers = {
    ...sharedHeaders,
    "X-Request-Id": requestId,
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
  };
  return { status: specOf(refusal).status, headers, body };
}

/** Responds to bytes that are not HTTP, and to unsupported Expect headers, with the headers of all other responses. */
export function answerMalformedRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // A response is in progress, maybe of a request that took effect. More bytes could look like a second response.
    // `_httpMessage` is internal to Node; `internals.test.ts` checks it.
    const isResponding = Boolean((socket as { _httpMessage?: unknown })._httpMessage);
    if (!socket.writable || isResponding) return void socket.destroy();
    const { status, headers, body } = refusalResponse(refusalByCode[error.code ?? ""] ?? { code: "MALFORMED_REQUEST" });
    const lines = Object.entries({ ...headers, Connection: "close" }).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  });
  server.on("checkExpectation", (_request, response) => {
    const { status, headers, body } = refusalResponse({ code: "EXPECTATION_FAILED" });
    response.writeHead(status, headers).end(body);
  });
}

/** The response to a request without a valid URL, for example with an invalid Host. Any other error is a bug. */
export function answerInvalidHost(error: unknown): Response {
  const code = error instanceof RequestError ? "MALFORMED_REQUEST" : "INTERNAL_ERROR";
  const { status, headers, body } = refusalResponse({ code });
  return new Response(body, { status, headers });
}
