import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What the server knows of one connection. */
export type Connection = {
  readonly socket: Socket;
  /** The peer's network, as rate limits count it: an IPv4 address or a /64 of IPv6. */
  readonly address: string;
  /** Whether the peer is a trusted proxy. */
  readonly isFromProxy: boolean;
  readonly openedAtMs: number;
  /** When a request of it last had a valid credential; 0 for never. */
  verifiedAtMs: number;
  /** The credential of that request. */
  credential: string | undefined;
  /** Requests that wait until an earlier one of this connection is answered. */
  waitingRequests: number;
  /** Whether no further request of it is read. It closes after the answers to those that were read. */
  isLast: boolean;
  /** The body that is arriving. */
  body: { readonly of: IncomingMessage; readonly sinceMs: number; readonly bytesBefore: number } | undefined;
  /** The answer that the peer does not read. */
  unread: Unread | undefined;
  /** Since when it has had no request while the server is stopping. */
  idleSinceMs: number | undefined;
};

/** An answer of which a part is not read yet. */
type Unread = {
  readonly answer: ServerResponse | undefined;
  readonly sinceMs: number;
  /** What the operating system had taken before. */
  readonly bytesBefore: number;
};

const tracked = Symbol("connection");

type TrackedSocket = Socket & { [tracked]?: Connection };

/** The connection of a socket; undefined for a socket that was not accepted. */
export const connectionOf = (socket: Socket): Connection | undefined => (socket as TrackedSocket)[tracked];

/** Creates the record of a new connection. */
export function trackConnection(
  socket: Socket,
  { address, isFromProxy }: Pick<Connection, "address" | "isFromProxy">,
): Connection {
  const connection: Connection = {
    socket,
    address,
    isFromProxy,
    openedAtMs: Date.now(),
    verifiedAtMs: 0,
    credential: undefined,
    waitingRequests: 0,
    isLast: false,
    body: undefined,
    unread: undefined,
    idleSinceMs: undefined,
  };
  (socket as TrackedSocket)[tracked] = connection;
  return connection;
}

/** How often it is noted that the same credential on a connection is valid: less often than it is forgotten. */
const NOTED_EVERY_MS = 30_000;

/**
 * Notes that a request of this connection had a valid credential.
 * @returns whether that is news, and not what was noted a moment ago
 */
export function noteVerified(socket: Socket, credential: string | undefined): boolean {
  const connection = connectionOf(socket);
  if (!connection) return true;
  const nowMs = Date.now();
  if (nowMs - connection.verifiedAtMs < NOTED_EVERY_MS && connection.credential === credential) return false;
  connection.verifiedAtMs = nowMs;
  connection.credential = credential;
  return true;
}

/**
 * The answer in progress: it exists from the arrival of the headers until the answer was handed to the operating system.
 * `_httpMessage` is internal to Node; `internals.test.ts` checks it.
 */
export const answerInProgress = (socket: Socket): ServerResponse<IncomingMessage> | undefined =>
  (socket as { _httpMessage?: ServerResponse<IncomingMessage> | null })._httpMessage ?? undefined;
