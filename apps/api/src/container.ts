import type { Database } from "@jifen/database";
import { MAX_WAITING } from "@jifen/ledger";
import type { Logger } from "pino";
import type { Deps } from "./deps.ts";
import { ConcurrencyLimiter } from "./http/concurrency-limiter.ts";
import { createClientAddress } from "./http/rate-limits/client-address.ts";
import { createCounters } from "./http/rate-limits/counters.ts";
import { createDatabaseCounters } from "./http/rate-limits/database-counters.ts";
import { createRateLimits } from "./http/rate-limits/rate-limits.ts";
import { connectRedis } from "./http/rate-limits/redis.ts";
import { openLedger } from "./modules/credits/open-ledger.ts";
import { createAuthJsTokens } from "./modules/identity/credentials/authjs-tokens.ts";
import { developmentSecret } from "./modules/identity/credentials/development-secret.ts";
import { createPasswordRule } from "./modules/identity/credentials/password-rule.ts";
import { createPasswords } from "./modules/identity/credentials/passwords.ts";
import { createServiceKeys } from "./modules/identity/credentials/service-keys.ts";
import { createSessions } from "./modules/identity/credentials/sessions.ts";
import { createTokens } from "./modules/identity/credentials/tokens.ts";
import { createUserCache } from "./modules/identity/credentials/user-cache.ts";
import { createMailer } from "./modules/identity/mail/mailer.ts";
import { createUserProvisioner } from "./modules/identity/use-cases/provision-user.ts";
import type { Settings } from "./settings/settings.ts";
import { createIds } from "./values/ids.ts";

/** What there is before anything else. */
type BaseDependencies = {
  readonly settings: Settings;
  readonly log: Logger;
  readonly database: Database;
  readonly isCircuitOpen: () => boolean;
  readonly isDraining: () => boolean;
};

/** Who is turned away waits as long as Retry-After asks for; what is let in has mostly arrived already. */
const COMMAND_LIMITS = { capacity: MAX_WAITING, queueTimeoutMs: 1_000, bodyTimeoutMs: 100 };

/** Makes everything that the procedures work with. `close` lets go of it again, but for the database. */
export async function createContainer({
  settings,
  log,
  database,
  isCircuitOpen,
  isDraining,
}: BaseDependencies): Promise<{ readonly deps: Deps; readonly close: () => Promise<void> }> {
  const nowMs = Date.now;
  const newId = createIds(nowMs);
  const { initialCredits, minPasswordLength, adminEmails } = settings;
  const [signs = developmentSecret(settings.dataDir), ...verify] = settings.jwtSecrets;
  const tokens = await createTokens({
    secrets: [signs, ...verify],
    expiresInSeconds: settings.jwtExpiresInSeconds,
    nowMs,
  });
  const userCache = createUserCache(database.users, adminEmails);
  const authJs = settings.authJs && {
    tokens: await createAuthJsTokens({ ...settings.authJs, nowMs }),
    makeUser: settings.authJs.createsUsers
      ? createUserProvisioner({ database, userCache, newId, nowMs, initialCredits })
      : undefined,
  };
  const keys = createServiceKeys({ store: database.keys, users: userCache, nowMs, log });
  const redis = settings.redisUrl === undefined ? undefined : await connectRedis(settings.redisUrl, log);
  const inProcess = createCounters(redis);
  const isStored = settings.countsIn === "database" && redis === undefined;
  const counters = isStored ? createDatabaseCounters(database.counters, nowMs, inProcess) : inProcess;
  const mailer = settings.mail && createMailer(settings.mail, log);
  const passwords = createPasswords();
  const deps: Deps = {
    database,
    ledger: openLedger(database, newId),
    commandLimiter: new ConcurrencyLimiter(COMMAND_LIMITS),
    tokens,
    userCache,
    adminEmails,
    sessions: createSessions(tokens, userCache, authJs),
    keys,
    rateLimits: createRateLimits(counters, settings.rates),
    clientAddress: createClientAddress(settings.trustedProxies),
    mailer,
    registrationMailer: settings.isRegistrationOpen ? mailer : undefined,
    passwords,
    minPasswordLength,
    passwordRule: createPasswordRule(minPasswordLength),
    publicUrl: settings.publicUrl,
    initialCredits,
    log,
    nowMs,
    newId,
    frontendOrigins: settings.frontendOrigins,
    metricsToken: settings.metricsToken,
    isCircuitOpen,
    isDraining,
  };
  const close = async () => {
    await mailer?.close();
    await passwords.close();
    await keys.close();
    await redis?.close();
  };
  return { deps, close };
}
