import { type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { RequestError } from "@hono/node-server";
import { sharedHeaders } from "./answers.ts";

const headers = { ...sharedHeaders, "Content-Length": "0", "Cache-Control": "no-store" };

/** What Node finds wrong with what is sent, where it is not simply no HTTP. */
const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what is not even a request: no bytes of HTTP, or an expectation that nobody meets. With the headers of all others. */
export function answerUnreadable(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // An answer under way, to a request that may have been done: nothing must look like another answer to it.
    const isAnswering = Boolean((socket as { _httpMessage?: unknown })._httpMessage);
    if (!socket.writable || isAnswering) return void socket.destroy();
    const status = statuses[error.code ?? ""] ?? 400;
    const lines = Object.entries({ ...headers, Connection: "close" }).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n`);
  });
  server.on("checkExpectation", (_request, response) => response.writeHead(417, headers).end());
}

/** The answer to a request that has no address: a Host that is none, for example. What else is thrown is a bug. */
export const answerUnaddressed = (error: unknown): Response =>
  new Response(null, { status: error instanceof RequestError ? 400 : 500, headers });
