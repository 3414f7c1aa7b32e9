import { ok, userId } from "@jifen/core";
import { Hono } from "hono";
import { pino } from "pino";
import { createCallMeter } from "../src/http/calls/call-meter.ts";
import { ConcurrencyLimiter } from "../src/http/concurrency-limiter.ts";
import { createConnectionLimits } from "../src/http/connections/limits.ts";
import type { Env } from "../src/http/env.ts";
import { mountFallback } from "../src/http/fallback.ts";
import { KnownCredentials } from "../src/http/known-credentials.ts";
import { listen } from "../src/http/listen.ts";
import { createClientAddress } from "../src/http/rate-limits/client-address.ts";
import { createCounters } from "../src/http/rate-limits/counters.ts";
import { createRateLimits } from "../src/http/rate-limits/rate-limits.ts";
import { ReadLimiter } from "../src/http/read-limiter.ts";
import { createRefusalRecorder } from "../src/http/refusals/recorder.ts";
import { RequestScheduler } from "../src/http/request-scheduler.ts";
import { createResponses } from "../src/http/responses.ts";
import { createSessions } from "../src/modules/identity/credentials/sessions.ts";
import { createTokens } from "../src/modules/identity/credentials/tokens.ts";
import type { CachedUser } from "../src/modules/identity/credentials/user-cache.ts";
import { createSessionCookie } from "../src/modules/identity/session/cookie.ts";
import { mountRest } from "../src/rest/adapter.ts";
import { mountStreams } from "../src/rest/streams.ts";
import { routes, streamRoutes } from "./echo-operations.ts";

const user: CachedUser = {
  ...{ id: userId("user@example.com"), email: "user@example.com", name: "", role: "user" },
  ...{
    tokenVersion: 0,
    sessionsEndedAtMs: 0,
    suspended: false,
    isUnclaimed: false,
    lastSeenAtMs: null,
    priceGroup: null,
    language: null,
    timeZone: null,
    endedTokens: new Set(),
  },
};

/** Starts a server of the operations in `echo-operations.ts`, with one user and no database. */
export async function startEchoServer() {
  const log = pino({ level: "silent" });
  const scheduling = { scheduler: new RequestScheduler(), knownCredentials: new KnownCredentials(Date.now) };
  const commandLimiter = new ConcurrencyLimiter({ capacity: 1, queueTimeoutMs: 20, bodyTimeoutMs: 20 });
  const tokens = await createTokens({ secrets: ["x".repeat(32)], expiresInSeconds: 60, nowMs: Date.now });
  const app = new Hono<Env>();
  const refusalRecorder = createRefusalRecorder(log);
  const clientAddress = createClientAddress([]);
  const responses = createResponses({
    frontendOrigins: ["https://site.example"],
    messageLanguage: "zh",
    clientAddress,
    refusalRecorder,
  });
  const users = { find: async (id: string) => (id === user.id ? user : undefined), forget: () => undefined };
  const stopping = new AbortController();
  const deps = {
    sessions: createSessions({ tokens, users, log }),
    userCache: users,
    browserSessions: { find: async () => undefined, cookie: createSessionCookie(() => "http://localhost") },
    keys: { find: async () => undefined, forget: () => undefined, close: async () => undefined },
    namedUsers: { areAlwaysCreated: false, provision: async () => ok(undefined) },
    rateLimits: createRateLimits(createCounters(undefined), {}),
    isCircuitOpen: () => false,
    callMeter: createCallMeter(),
    clientAddress,
    commandLimiter,
    readLimiter: new ReadLimiter({ total: 1, perUser: 1, waitingPerUser: 1, queueTimeoutMs: 20 }),
    ...scheduling,
    stopping: stopping.signal,
    log,
  };
  mountStreams(app, { deps, responses, routes: streamRoutes });
  mountRest(app, { deps, responses, routes });
  mountFallback(app, log, responses);
  const connections = createConnectionLimits({
    maxConnections: undefined,
    maxConnectionsPerAddress: undefined,
    trustedProxies: [],
  });
  const server = await listen(app, {
    port: 0,
    host: "127.0.0.1",
    messageLanguage: "zh",
    connections,
    ...scheduling,
    refusalRecorder,
    log,
  });
  return {
    url: server.url,
    commandLimiter,
    token: (await tokens.issue(user)).token,
    /** As SIGTERM does it. */
    stop: async () => {
      stopping.abort();
      await server.stop();
    },
  };
}
