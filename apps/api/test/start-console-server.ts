import { Hono } from "hono";
import { pino } from "pino";
import { mountConsole } from "../src/console/mount.ts";
import { mountStart } from "../src/console/mount-start.ts";
import { readConsoleBuild } from "../src/console/read-build.ts";
import { createConnectionLimits } from "../src/http/connections/limits.ts";
import type { Env } from "../src/http/env.ts";
import { mountFallback } from "../src/http/fallback.ts";
import { KnownCredentials } from "../src/http/known-credentials.ts";
import { listen } from "../src/http/listen.ts";
import { routePath } from "../src/http/path.ts";
import { createClientAddress } from "../src/http/rate-limits/client-address.ts";
import { createCounters } from "../src/http/rate-limits/counters.ts";
import { createRateLimits } from "../src/http/rate-limits/rate-limits.ts";
import { createRefusalRecorder } from "../src/http/refusals/recorder.ts";
import { RequestScheduler } from "../src/http/request-scheduler.ts";
import { createResponses } from "../src/http/responses.ts";

/** What differs from a server without a prefix. */
type ConsoleServer = { readonly folder: string; readonly publicUrl?: string; readonly callsPerMinute?: number };

/** Starts a server of nothing but the pages of a build. */
export async function startConsoleServer({ folder, publicUrl, callsPerMinute }: ConsoleServer) {
  const log = pino({ level: "silent" });
  const build = await readConsoleBuild(folder, log);
  if (!build) throw new Error(`There is no build of the console in ${folder}.`);
  const refusalRecorder = createRefusalRecorder(log);
  const clientAddress = createClientAddress([]);
  const responses = createResponses({ frontendOrigins: [], messageLanguage: "zh", clientAddress, refusalRecorder });
  const rates = callsPerMinute === undefined ? {} : { ip: { points: callsPerMinute, seconds: 60 } };
  const rateLimits = createRateLimits(createCounters(undefined), rates);
  const app = new Hono<Env>({ getPath: routePath });
  const address = () => publicUrl ?? "http://localhost:3001";
  mountStart(app, { responses, publicUrl: address, hasConsole: true });
  mountConsole(app, { deps: { rateLimits, clientAddress, publicUrl: address }, responses, build });
  mountFallback(app, log, responses);
  const limits = { maxConnections: undefined, maxConnectionsPerAddress: undefined, trustedProxies: [] };
  const scheduling = { scheduler: new RequestScheduler(), knownCredentials: new KnownCredentials(Date.now) };
  const connections = createConnectionLimits(limits);
  return listen(app, {
    port: 0,
    host: "127.0.0.1",
    messageLanguage: "zh",
    connections,
    ...scheduling,
    refusalRecorder,
    log,
  });
}
