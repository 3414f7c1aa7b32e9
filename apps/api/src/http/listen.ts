import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Language } from "@jifen/contract";
import type { Hono } from "hono";
import type { Logger } from "pino";
import { acceptPending } from "./connections/accept-pending.ts";
import { Connections } from "./connections/connections.ts";
import { CHECK_INTERVAL_MS, findLateness } from "./connections/deadlines.ts";
import type { ConnectionLimits } from "./connections/limits.ts";
import { inOrder, limitPipelining } from "./connections/pipelining.ts";
import type { Env } from "./env.ts";
import { toSchedulable } from "./incoming-priority.ts";
import type { KnownCredentials } from "./known-credentials.ts";
import { answerInvalidHost, answerLateBody, answerMalformedRequests } from "./malformed-request.ts";
import type { RefusalRecorder } from "./refusals/recorder.ts";
import type { RequestScheduler } from "./request-scheduler.ts";
import { serverUrl } from "./server-url.ts";

/** Longer than the 60 seconds after which load balancers close idle connections, so that they close first. */
const KEEP_ALIVE_MS = 75_000;
/** How long the headers of a request may take to arrive, and the whole request. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often connections that were closed for lack of space are logged. */
const REPORT_INTERVAL_MS = 10_000;
/** How long running requests may take after the server has been asked to stop. */
const DRAIN_MS = 24_000;
const DRAIN_CHECK_MS = 100;

/** A listening server. */
export type Listening = {
  readonly url: string;
  /** Refuses new connections, lets running requests finish, and resolves within 25 seconds. */
  stop(): Promise<void>;
};

/** Where to listen, and how many connections there may be. */
export type ListenOptions = {
  readonly port: number;
  readonly host: string | undefined;
  readonly connections: ConnectionLimits;
  readonly scheduler: RequestScheduler;
  readonly knownCredentials: KnownCredentials;
  readonly refusalRecorder: RefusalRecorder;
  readonly messageLanguage: Language;
  readonly log: Logger;
};

/** Starts listening. @throws the error of `server.listen`, such as EADDRINUSE */
export async function listen(app: Pick<Hono<Env>, "fetch">, options: ListenOptions): Promise<Listening> {
  const { log, refusalRecorder } = options;
  const connections = new Connections(options.connections, refusalRecorder.countClosedConnection);
  // Node's own answer to a missing Host has none of our headers: such a request reaches `answerInvalidHost` instead.
  const server = createServer(
    { requireHostHeader: false, connectionsCheckingInterval: CHECK_INTERVAL_MS },
    requestListener(app, connections, options),
  );
  answerMalformedRequests(server, options);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.on("connection", (socket) => {
    const connection = connections.accept(socket);
    if (connection) limitPipelining(connection);
  });

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(options.port, options.host, resolve);
  await promise;
  server.off("error", reject);
  // For example no file descriptor is left for a new connection. That connection is lost; the server continues.
  server.on("error", (error) => log.error({ err: error }, "a connection could not be accepted"));
  const checks = setInterval(() => closeLate(connections, options), CHECK_INTERVAL_MS);
  const reports = setInterval(reportClosed(connections, log), REPORT_INTERVAL_MS);
  const { port } = server.address() as AddressInfo;
  return {
    url: serverUrl({ host: options.host, port }),
    stop: async () => {
      await drain(server, connections);
      clearInterval(checks);
      clearInterval(reports);
    },
  };
}

/** Handles the requests of one connection in their order, and those of all connections when their turn comes. */
function requestListener(app: Pick<Hono<Env>, "fetch">, connections: Connections, options: ListenOptions) {
  const { scheduler, knownCredentials } = options;
  const handle = getRequestListener(app.fetch, { errorHandler: (error) => answerInvalidHost(error, options) });
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.httpVersion === "1.0") acceptHttp10(request, response);
    const run = () => {
      if (response.destroyed) return;
      if (connections.isDraining) response.shouldKeepAlive = false;
      void handle(request, response);
    };
    inOrder(request, response, () => scheduler.schedule(toSchedulable(request, knownCredentials, run)));
  };
}

/** HTTP/1.0 has no Host, and health checks of load balancers send none. It has no chunks either: a proxy may ignore them. */
function acceptHttp10(request: IncomingMessage, response: ServerResponse): void {
  request.headers.host ??= "localhost";
  if (request.headers["transfer-encoding"] === undefined) return;
  delete request.headers["transfer-encoding"];
  response.shouldKeepAlive = false;
}

/** Logs how many connections were closed for lack of space since the last time. */
function reportClosed(connections: Connections, log: Logger): () => void {
  let reported = 0;
  return () => {
    const closed = connections.closedForSpace - reported;
    if (closed === 0) return;
    reported += closed;
    log.warn({ closed }, "connections were closed: MAX_CONNECTIONS or MAX_CONNECTIONS_IP is reached");
  };
}

/** Closes the connections whose bodies arrive too slowly or whose answers are not read. */
function closeLate(connections: Connections, options: ListenOptions): void {
  const nowMs = Date.now();
  for (const connection of connections) {
    const late = findLateness(connection, nowMs);
    if (late === undefined) continue;
    options.refusalRecorder.countClosedConnection(late === "body" ? "slow-body" : "unread-answer");
    if (late === "body") answerLateBody(connection.socket, options);
    else connection.socket.resetAndDestroy();
  }
}

/** See docs/decisions/0030-restarts-behind-a-proxy.md. */
async function drain(server: Server, connections: Connections): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await acceptPending(server);
  // The `close` of an HTTP server would also close the idle connections of proxies.
  NetServer.prototype.close.call(server, () => resolve());
  connections.startDraining();
  connections.closeIdle(Date.now());
  // After a turn of the event loop: a request that has arrived on an idle connection is read first, also after a pause.
  const check = setInterval(() => setImmediate(() => connections.closeIdle(Date.now())), DRAIN_CHECK_MS);
  await closed;
  clearInterval(check);
  clearTimeout(deadline);
}
