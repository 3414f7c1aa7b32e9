import type { Database } from "@jifen/database";
import { MAX_WAITING } from "@jifen/ledger";
import type { Logger } from "pino";
import { ConcurrencyLimiter } from "./http/concurrency-limiter.ts";
import type { Deps as HttpDeps } from "./http/deps.ts";
import { createClientAddress } from "./http/rate-limits/client-address.ts";
import { openRateLimits } from "./http/rate-limits/open-rate-limits.ts";
import type { Deps as CreditsDeps } from "./modules/credits/deps.ts";
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
};

/** The composed application: the parts that the HTTP server, the jobs and the start of the process work with. */
export type Container = {
  readonly http: HttpDeps;
  readonly credits: CreditsDeps;
  readonly identity: IdentityDeps;
  readonly procedures: Procedures;
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
}: Base): Promise<Container> {
  const nowMs = Date.now;
  const newId = createIds(nowMs);
  const shared = { database, nowMs, newId, log };
  const limits = await openRateLimits({ settings, ...shared });
  const { rateLimits } = limits;
  const identity = await createIdentity({ settings, rateLimits, ...shared });
  const credits = { ...shared, ledger: openLedger(database, newId) };
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
      commandLimiter: new ConcurrencyLimiter(COMMAND_LIMITS),
      clientAddress: createClientAddress(settings.trustedProxies),
      frontendOrigins: settings.frontendOrigins,
      metricsToken: settings.metricsToken,
      log,
    },
    credits,
    identity: identity.deps,
    procedures: createProcedures({ audit: shared, credits, health: shared, identity: identity.deps, logs: shared }),
    close: async () => {
      await identity.close();
      await limits.close();
    },
  };
}
