import { randomUUID } from "node:crypto";
import { type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { RequestError } from "@hono/node-server";
import type { Refusal } from "@jifen/contract";
import { specOf, toErrorBody } from "./error-response.ts";
import { sharedHeaders } from "./responses.ts";

/** What Node finds wrong with what is sent, where it is not simply no HTTP. */
const found: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { code: "HEADERS_TOO_LARGE" },
  ERR_HTTP_REQUEST_TIMEOUT: { code: "REQUEST_TIMEOUT" },
};

/** An answer to somebody of whom nothing is known, not even a language. */
function plainAnswer(refusal: Refusal) {
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

/** Answers what is not even a request: no bytes of HTTP, or an expectation that nobody meets. With the headers of all others. */
export function answerMalformedRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // An answer under way, to a request that may have been done: nothing must look like another answer to it.
    const isAnswering = Boolean((socket as { _httpMessage?: unknown })._httpMessage);
    if (!socket.writable || isAnswering) return void socket.destroy();
    const { status, headers, body } = plainAnswer(found[error.code ?? ""] ?? { code: "MALFORMED_REQUEST" });
    const lines = Object.entries({ ...headers, Connection: "close" }).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  });
  server.on("checkExpectation", (_request, response) => {
    const { status, headers, body } = plainAnswer({ code: "EXPECTATION_FAILED" });
    response.writeHead(status, headers).end(body);
  });
}

/** The answer to a request that has no address: a Host that is none, for example. What else is thrown is a bug. */
export function answerInvalidHost(error: unknown): Response {
  const code = error instanceof RequestError ? "MALFORMED_REQUEST" : "INTERNAL_ERROR";
  const { status, headers, body } = plainAnswer({ code });
  return new Response(body, { status, headers });
}
