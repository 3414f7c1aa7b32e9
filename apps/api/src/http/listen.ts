import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Logger } from "pino";
import type { Env } from "./env.ts";
import { answerInvalidHost, answerMalformedRequests } from "./malformed-request.ts";

/** Longer than the 60 seconds after which load balancers close idle connections, so that they close first. */
const KEEP_ALIVE_MS = 75_000;
/** How long one request may take to arrive. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How long running requests may take after the server has been asked to stop. */
const DRAIN_MS = 24_000;
const SWEEP_MS = 100;

/** A listening server. */
export type Listening = {
  readonly url: string;
  /** Refuses new connections, lets running requests finish, and resolves within 25 seconds. */
  stop(): Promise<void>;
};

/** Starts listening. @throws the error of `server.listen`, such as EADDRINUSE */
export async function listen(
  app: Hono<Env>,
  at: { readonly port: number; readonly host: string | undefined },
  log: Logger,
): Promise<Listening> {
  // Node's own answer to a missing Host has none of our headers: such a request reaches `answerInvalidHost` instead.
  const server = createServer(
    { requireHostHeader: false },
    getRequestListener(app.fetch, { errorHandler: answerInvalidHost }),
  );
  answerMalformedRequests(server);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(at.port, at.host, resolve);
  await promise;
  server.off("error", reject);
  // For example no file descriptor is left for a new connection. That connection is lost; the server continues.
  server.on("error", (error) => log.error({ err: error }, "a connection could not be accepted"));
  const { port } = server.address() as AddressInfo;
  return { url: `http://${at.host ?? "localhost"}:${port}`, stop: () => drain(server) };
}

async function drain(server: Server): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // `close` keeps connections that were busy at that time open. They are closed as soon as they are idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
