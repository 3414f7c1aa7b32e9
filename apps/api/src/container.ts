import { randomUUID } from "node:crypto";
import type { Database } from "@jifen/database";
import { MAX_WAITING } from "@jifen/ledger";
import type { Logger } from "pino";
import { ConcurrencyLimiter } from "./http/concurrency-limiter.ts";
import type { Deps as HttpDeps } from "./http/deps.ts";
import { createClientAddress } from "./http/rate-limits/client-address.ts";
import { openRateLimits } from "./http/rate-limits/open-rate-limits.ts";
import { housekeepingJob } from "./jobs/housekeeping.ts";
import { createJobRunner, type JobRunner } from "./jobs/runner.ts";
import { expirationsJob } from "./modules/credits/jobs.ts";
import { openLedger } from "./modules/credits/open-ledger.ts";
import { createIdentity } from "./modules/identity/create-identity.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { createProcedures } from "./procedures.ts";
import type { Settings } from "./settings/settings.ts";
import type { Procedures } from "./trpc/procedure.ts";
import { createIds } from "./values/ids.ts";

/** What the container is built from. */
type Base = {
  readonly settings: Settings;
  readonly log: Logger;
  readonly database: Database;
  readonly isCircuitOpen: () => boolean;
  readonly isDraining: () => boolean;
  /** Whether the users of USER_WHITELIST are still being created or updated. */
  readonly isStarting: () => boolean;
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

/** The composition root: builds what is shared, then the modules, each with the dependencies that it names. */
export async function createContainer({
  settings,
  log,
  database,
  isCircuitOpen,
  isDraining,
  isStarting,
}: Base): Promise<Container> {
  const nowMs = Date.now;
  const newId = createIds(nowMs);
  const shared = { database, nowMs, newId, log };
  const limits = await openRateLimits({ settings, ...shared });
  const { rateLimits } = limits;
  const identity = await createIdentity({ settings, rateLimits, ...shared });
  const ledger = openLedger(database, newId);
  const credits = { ...shared, ledger };
  const jobs = createJobRunner([expirationsJob({ ledger, log }), housekeepingJob(database, nowMs)], {
    leases: database.leases,
    holder: randomUUID(),
    random: Math.random,
    nowMs,
    log,
  });
  const { sessions, keys, userCache } = identity.deps;
  return {
    http: {
      database,
      sessions,
      keys,
      userCache,
      rateLimits,
      isCircuitOpen,
      isDraining,
      isStarting,
      jobStatuses: jobs.statuses,
      commandLimiter: new ConcurrencyLimiter(COMMAND_LIMITS),
      clientAddress: createClientAddress(settings.trustedProxies),
      frontendOrigins: settings.frontendOrigins,
      metricsToken: settings.metricsToken,
      log,
    },
    jobs,
    identity: identity.deps,
    procedures: createProcedures({ audit: shared, credits, health: shared, identity: identity.deps, logs: shared }),
    close: async () => {
      await identity.close();
      await limits.close();
    },
  };
}
