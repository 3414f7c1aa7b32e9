import { randomUUID } from "node:crypto";
import type { Database } from "@jifen/database";
import { MAX_WAITING } from "@jifen/ledger";
import type { Logger } from "pino";
import { ConcurrencyLimiter } from "./http/concurrency-limiter.ts";
import type { Deps as HttpDeps } from "./http/deps.ts";
import type { KnownCredentials } from "./http/known-credentials.ts";
import { openRateLimits } from "./http/rate-limits/open-rate-limits.ts";
import { ReadLimiter } from "./http/read-limiter.ts";
import type { RefusalRecorder } from "./http/refusals/recorder.ts";
import type { RequestScheduler } from "./http/request-scheduler.ts";
import { housekeepingJob } from "./jobs/housekeeping.ts";
import { createJobRunner, type JobRunner } from "./jobs/runner.ts";
import { expirationsJob } from "./modules/credits/jobs.ts";
import { openLedger } from "./modules/credits/open-ledger.ts";
import { createIdentity } from "./modules/identity/create-identity.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { createDiskReserve } from "./modules/logs/disk-reserve.ts";
import { feedSpendJob } from "./modules/logs/feed-spend.ts";
import { createFindFormerLog } from "./modules/logs/find-former-log.ts";
import { logMonthsJob, moveFormerLogsJob } from "./modules/logs/jobs.ts";
import { createRecordReading } from "./modules/logs/record-reading.ts";
import { createRedactor, keepDetails } from "./modules/logs/redaction/redactor.ts";
import { createProcedures } from "./procedures.ts";
import type { Settings } from "./settings/settings.ts";
import type { Procedures } from "./trpc/procedure.ts";
import { createIds, createIdsAt } from "./values/ids.ts";

/** What the container is built from. */
type Base = {
  readonly settings: Settings;
  readonly log: Logger;
  readonly database: Database;
  /** The address of this server for users, once it listens. */
  readonly publicUrl: () => string;
  readonly isCircuitOpen: () => boolean;
  readonly writeProblem: HttpDeps["writeProblem"];
  readonly isDraining: () => boolean;
  /** Whether the users of USER_WHITELIST are still being created or updated. */
  readonly isStarting: () => boolean;
  readonly scheduler: RequestScheduler;
  readonly knownCredentials: KnownCredentials;
  readonly refusalRecorder: RefusalRecorder;
  readonly clientAddress: HttpDeps["clientAddress"];
};

/** The composed application. */
export type Container = {
  readonly http: HttpDeps;
  readonly identity: IdentityDeps;
  readonly procedures: Procedures;
  readonly jobs: JobRunner;
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
  log,
  database,
  publicUrl,
  isCircuitOpen,
  writeProblem,
  isDraining,
  isStarting,
  scheduler,
  knownCredentials,
  refusalRecorder,
  clientAddress,
}: Base): Promise<Container> {
  const nowMs = Date.now;
  const newId = createIds(nowMs);
  const shared = { database, nowMs, newId, log };
  const limits = await openRateLimits({ settings, ...shared });
  const { rateLimits } = limits;
  const identity = await createIdentity({ settings, publicUrl, rateLimits, ...shared });
  const ledger = openLedger(database, newId);
  const { isSelfGrantAllowed } = settings;
  const credits = { ...shared, ledger, isSelfGrantAllowed, userCache: identity.deps.userCache };
  const jobList = [
    expirationsJob({ ledger, log }),
    housekeepingJob(database, nowMs),
    moveFormerLogsJob(database, nowMs),
    feedSpendJob(database),
    // Without the right to migrate there may be none to make partitions either: jifen logs partitions does it.
    ...(settings.autoMigrate ? [logMonthsJob(database, nowMs)] : []),
  ];
  const jobs = createJobRunner(jobList, {
    leases: database.leases,
    holder: randomUUID(),
    random: Math.random,
    nowMs,
    log,
  });
  const diskReserve = createDiskReserve(settings, log);
  const logs = {
    ...shared,
    newIdAt: createIdsAt(),
    newArrivalIdAt: createIdsAt(),
    limits: rateLimits.logs,
    diskReserve,
    redact: settings.logRedaction ? createRedactor(settings.logRedaction.extraNames) : keepDetails,
    logDetailsBytes: settings.logDetailsBytes,
    timeZone: settings.timeZone,
    findFormerLog: createFindFormerLog(database),
    recordReading: createRecordReading({ database, nowMs }),
    userCache: identity.deps.userCache,
  };
  const { sessions, keys, userCache } = identity.deps;
  return {
    http: {
      database,
      sessions,
      keys,
      userCache,
      rateLimits,
      isCircuitOpen,
      writeProblem,
      areLogsRefused: diskReserve.isReached,
      isDraining,
      isStarting,
      jobStatuses: jobs.statuses,
      commandLimiter: new ConcurrencyLimiter(COMMAND_LIMITS),
      readLimiter: new ReadLimiter(READ_LIMITS),
      scheduler,
      knownCredentials,
      clientAddress,
      publicUrl,
      configuredUrl: settings.publicUrl,
      frontendOrigins: settings.frontendOrigins,
      metricsToken: settings.metricsToken,
      log,
      refusalRecorder,
    },
    jobs,
    identity: identity.deps,
    procedures: createProcedures({ audit: shared, credits, health: shared, identity: identity.deps, logs }),
    close: async () => {
      diskReserve.stop();
      await identity.close();
      await limits.close();
    },
  };
}
