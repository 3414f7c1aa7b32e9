import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Logger } from "pino";
import type { Env } from "./env.ts";
import { answerInvalidHost, answerMalformedRequests } from "./malformed-request.ts";

/** Longer than the minute after which load balancers let go of an idle connection: they must be first. */
const KEEP_ALIVE_MS = 75_000;
/** What one request may take to arrive. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** What running requests may take once the server has been told to stop. */
const DRAIN_MS = 24_000;
const SWEEP_MS = 100;

/** A server that listens. */
export type Listening = {
  readonly url: string;
  /** Takes no more connections, lets running requests finish, and returns when all are gone, within 25 seconds. */
  stop(): Promise<void>;
};

/** @throws the error of `listen`, such as EADDRINUSE */
export async function listen(
  app: Hono<Env>,
  at: { readonly port: number; readonly host: string | undefined },
  log: Logger,
): Promise<Listening> {
  // A request without a Host is answered like one with a Host that is none.
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
  // Such as no descriptor left for a new connection: that one is lost, the server goes on.
  server.on("error", (error) => log.error({ err: error }, "a connection could not be taken"));
  const { port } = server.address() as AddressInfo;
  return { url: `http://${at.host ?? "localhost"}:${port}`, stop: () => drain(server) };
}

async function drain(server: Server): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // A connection that was busy when the server closed stays open for its next request: let go of it once it is idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
