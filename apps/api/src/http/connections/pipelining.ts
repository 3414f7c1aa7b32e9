import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Connection, connectionOf } from "./connection.ts";

/** How many requests of one connection may wait for the answers to earlier ones. HTTP clients send far fewer, or none. */
const MAX_WAITING = 100;
/** What `onIncoming` of Node's parser returns to end parsing, as it does for an upgrade. */
const STOP_PARSING = 2;

type Parser = { onIncoming?: (request: IncomingMessage, shouldKeepAlive: boolean) => number };

/**
 * Bounds what one connection can make the server read: after `MAX_WAITING` waiting requests the rest of the bytes is
 * ignored, and the connection closes after the answers to those that were read. A chunk of 64 KB has up to 3,600 requests,
 * and Node would create all of them. `socket.parser` is internal to Node; `internals.test.ts` checks it.
 */
export function limitPipelining(connection: Connection): void {
  const { parser } = connection.socket as { parser?: Parser };
  const onIncoming = parser?.onIncoming;
  if (!parser || !onIncoming) return;
  parser.onIncoming = (request, shouldKeepAlive) => {
    if (connection.waitingRequests >= MAX_WAITING) connection.isLast = true;
    return connection.isLast ? STOP_PARSING : onIncoming(request, shouldKeepAlive);
  };
}

/**
 * Handles the requests of one connection one after the other: the next one when the answer before was handed to the
 * operating system. A peer that reads no answers costs one answer and no more.
 */
export function inOrder(request: IncomingMessage, response: ServerResponse, handle: () => void): void {
  const { socket } = request;
  const connection = connectionOf(socket);
  // Node assigns a response to its socket when it is the next to be sent.
  if (response.socket !== null || !connection) {
    handle();
    return;
  }
  connection.waitingRequests += 1;
  socket.pause();
  response.once("socket", () => {
    connection.waitingRequests -= 1;
    if (connection.waitingRequests === 0) {
      if (connection.isLast) response.shouldKeepAlive = false;
      else socket.resume();
    }
    handle();
  });
}

/** Whether the rest of what arrives on a connection is ignored. */
export const isIgnored = (socket: Socket): boolean => connectionOf(socket)?.isLast === true;
