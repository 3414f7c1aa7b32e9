import { randomUUID } from "node:crypto";
import type { Database } from "@jifen/database";
import { MAX_WAITING } from "@jifen/ledger";
import type { Logger } from "pino";
import { backgroundJobs } from "./background-jobs.ts";
import { type ConsoleBuild, consoleFolder, readConsoleBuild } from "./console/read-build.ts";
import { createCallMeter } from "./http/calls/call-meter.ts";
import { ConcurrencyLimiter } from "./http/concurrency-limiter.ts";
import type { Deps as HttpDeps } from "./http/deps.ts";
import type { KnownCredentials } from "./http/known-credentials.ts";
import { openRateLimits } from "./http/rate-limits/open-rate-limits.ts";
import type { ProxyNotice } from "./http/rate-limits/unnamed-proxy.ts";
import { ReadLimiter } from "./http/read-limiter.ts";
import type { RefusalRecorder } from "./http/refusals/recorder.ts";
import type { RequestScheduler } from "./http/request-scheduler.ts";
import { createJobRunner, type JobRunner } from "./jobs/runner.ts";
import { createBilling } from "./modules/billing/create-billing.ts";
import { createPayments } from "./modules/billing/create-payments.ts";
import type { PaymentDeps } from "./modules/billing/payment-deps.ts";
import { createCredits } from "./modules/credits/create-credits.ts";
import { createLedgerMeter } from "./modules/credits/ledger-meter.ts";
import { openLedger } from "./modules/credits/open-ledger.ts";
import { Exports } from "./modules/exports/exports.ts";
import { createIdentity } from "./modules/identity/create-identity.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { suspendForDispute } from "./modules/identity/use-cases/suspend-for-dispute.ts";
import { announceWrites } from "./modules/live/announce-writes.ts";
import { createNews } from "./modules/live/news.ts";
import { openLive } from "./modules/live/open-live.ts";
import { createLogs } from "./modules/logs/create-logs.ts";
import { createDiskReserve } from "./modules/logs/disk-reserve.ts";
import type { LogMeter } from "./modules/logs/log-meter.ts";
import { createStats } from "./modules/stats/create-stats.ts";
import { createSystem } from "./modules/system/create-system.ts";
import { createWebhooks } from "./modules/webhooks/create-webhooks.ts";
import { createProcedures, createStreams } from "./procedures.ts";
import type { Settings } from "./settings/settings.ts";
import type { Procedures } from "./trpc/procedure.ts";
import type { ImplementedStreams } from "./trpc/stream.ts";
import { createIds } from "./values/ids.ts";

/** What the container is built from. */
type Base = {
  readonly settings: Settings;
  /** The environment variables that the settings were read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly database: Database;
  /** The address of this server for users, once it listens. */
  readonly publicUrl: () => string;
  readonly isCircuitOpen: () => boolean;
  readonly writeProblem: HttpDeps["writeProblem"];
  /** Aborted when the server is asked to stop. */
  readonly stopping: AbortSignal;
  /** Whether the users of USER_WHITELIST are still being created or updated. */
  readonly isStarting: () => boolean;
  readonly scheduler: RequestScheduler;
  readonly knownCredentials: KnownCredentials;
  readonly refusalRecorder: RefusalRecorder;
  readonly logMeter: LogMeter;
  readonly clientAddress: HttpDeps["clientAddress"];
  /** A proxy that TRUST_PROXY does not name. */
  readonly unnamedProxy: ProxyNotice["last"];
};

/** The composed application. */
export type Container = {
  readonly http: HttpDeps;
  readonly identity: IdentityDeps;
  readonly procedures: Procedures;
  readonly streams: ImplementedStreams;
  readonly jobs: JobRunner;
  readonly payments: PaymentDeps;
  /** undefined: the server serves no console. */
  readonly consoleBuild: ConsoleBuild | undefined;
  /** Releases everything except the database. */
  close(): Promise<void>;
};

/**
 * A refused request has waited as long as Retry-After says, so that its retry does not add load. The body of an
 * admitted request has mostly arrived already.
 */
const COMMAND_LIMITS = { capacity: MAX_WAITING, queueTimeoutMs: 1_000, bodyTimeoutMs: 100 };

/** The databases have at least eight connections for records: half of them stay free for log-ins and logs. */
const READ_LIMITS = { total: 4, perUser: 2, waitingPerUser: 1_000, queueTimeoutMs: 15_000 };

/** The composition root: builds what is shared, then the modules, each with the dependencies that it names. */
export async function createContainer({
  settings,
  environment,
  log,
  database: stores,
  publicUrl,
  isCircuitOpen,
  writeProblem,
  stopping,
  isStarting,
  scheduler,
  knownCredentials,
  refusalRecorder,
  logMeter,
  clientAddress,
  unnamedProxy,
}: Base): Promise<Container> {
  const nowMs = Date.now;
  const newId = createIds(nowMs);
  const news = createNews();
  const ledgerMeter = createLedgerMeter();
  const database = announceWrites({ ...stores, ledger: ledgerMeter.meter(stores.ledger) }, news.announce);
  const shared = { database, nowMs, newId, log };
  const limits = await openRateLimits({ settings, ...shared });
  const { rateLimits } = limits;
  const identity = await createIdentity({ settings, publicUrl, rateLimits, ...shared });
  const { sessions, browserSessions, keys, userCache, namedUsers, newUserMeter, streamAuthentication } = identity.deps;
  const ledger = openLedger(database, newId);
  const exports = new Exports({ databaseUrl: settings.databaseUrl, logKeeping: settings.logKeeping });
  const prices = await createBilling({ settings, database, userCache });
  const credits = createCredits({ ...shared, ...prices, settings, ledger, userCache, exports });
  const webhooks = createWebhooks({ settings, ...shared, userCache, limits: rateLimits.webhooks, stopping });
  const payments = await createPayments({
    ...{ ...shared, settings, ledger, publicUrl, orderLimits: rateLimits.orders },
    suspendForDispute: suspendForDispute(identity.deps),
  });
  const jobParts = { ...shared, settings, ledger, logMeter, webhooks, payments: payments.deps };
  const runner = { leases: database.leases, holder: randomUUID(), random: Math.random, nowMs, log };
  const jobs = createJobRunner(backgroundJobs(jobParts), runner);
  const diskReserve = createDiskReserve(settings, log);
  const billing = { ...credits, codeLimits: rateLimits.codes, payments: payments.deps };
  const logs = createLogs({
    ...{ settings, ...shared, limits: rateLimits.logs, diskReserve, userCache, namedUsers, exports, meter: logMeter },
  });
  const authentication = { ...streamAuthentication, browserSessions, rateLimits, isCircuitOpen };
  const systemParts = { settings, environment, ...shared, jobStatuses: jobs.statuses, stopping, unnamedProxy };
  const system = createSystem({ ...systemParts, identity: identity.deps, mailLimits: rateLimits.mail });
  const live = await openLive({ settings, database, ledger, authentication, news, nowMs, stopping });
  const streams = createStreams({ credits, live: live.deps, logs });
  return {
    http: {
      database,
      sessions,
      browserSessions,
      keys,
      userCache,
      ...{ namedUsers, newUserMeter },
      rateLimits,
      isCircuitOpen,
      writeProblem,
      areLogsRefused: diskReserve.isReached,
      liveSubscribers: live.subscribers,
      logMeter,
      ...{ callMeter: createCallMeter(), ledgerMeter, webhookMeter: webhooks.meter },
      ...{ paymentMeter: payments.deps.meter, unchargedMeter: prices.unchargedMeter },
      isDraining: () => stopping.aborted,
      stopping,
      isStarting,
      jobStatuses: jobs.statuses,
      exportCounts: () => exports.counts,
      commandLimiter: new ConcurrencyLimiter(COMMAND_LIMITS),
      readLimiter: new ReadLimiter(READ_LIMITS),
      ...{ scheduler, knownCredentials, clientAddress, publicUrl },
      ...{ configuredUrl: settings.publicUrl, metricsToken: settings.metricsToken },
      ...{ log, refusalRecorder, frontendOrigins: settings.frontendOrigins },
      messageLanguage: settings.messageLanguage,
    },
    ...{ jobs, streams, payments: payments.deps, identity: identity.deps },
    procedures: createProcedures({
      ...{ accounts: { ...prices, database, ledger }, search: shared, audit: shared, billing, credits, health: shared },
      exports: { ...identity.deps, streams },
      ...{ identity: identity.deps, logs, stats: createStats(settings, shared), system, webhooks },
    }),
    consoleBuild: settings.isConsoleOn ? await readConsoleBuild(consoleFolder, log) : undefined,
    close: async () => {
      await exports.close();
      diskReserve.stop();
      await live.close();
      await payments.close();
      await identity.close();
      await limits.close();
    },
  };
}
