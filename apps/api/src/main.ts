import "./require-node.ts";
import { readFileSync } from "node:fs";
import { openDatabase } from "@jifen/database";
import { pino } from "pino";
import { startSweeper } from "./background/sweeper.ts";
import type { Deps } from "./deps.ts";
import { createAuthJsTokens } from "./identity/authjs-tokens.ts";
import { developmentSecret } from "./identity/development-secret.ts";
import { firstAdminLink } from "./identity/first-admin.ts";
import { onFirstSight } from "./identity/first-sight.ts";
import { createKnownUsers } from "./identity/known-users.ts";
import { createPasswordRule } from "./identity/password-rule.ts";
import { createPasswords } from "./identity/passwords.ts";
import { createServiceKeys } from "./identity/service-keys.ts";
import { createSessions } from "./identity/sessions.ts";
import { createTokens } from "./identity/tokens.ts";
import { applyWhitelist } from "./identity/whitelist.ts";
import { createClientAddress } from "./limits/client-address.ts";
import { createCounters } from "./limits/counters.ts";
import { createLimits } from "./limits/limits.ts";
import { connectRedis } from "./limits/redis.ts";
import { listen } from "./listen.ts";
import { openLedger } from "./open-ledger.ts";
import { createServer } from "./server.ts";
import { parseSettings } from "./settings.ts";
import { startOrExplain } from "./start-or-explain.ts";
import { createIds } from "./uuids.ts";

await startOrExplain(async () => {
  const settings = parseSettings({
    env: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    workingDirectory: process.cwd(),
  });
  const log = pino({
    level: settings.logLevel,
    formatters: { level: (level) => ({ level }) },
    redact: ["authorization", "cookie", "password", "token", "*.authorization", "*.cookie", "*.password", "*.token"],
  });
  const nowMs = Date.now;
  const newId = createIds(nowMs);

  const database = await openDatabase(settings.databaseUrl);
  const [signs = developmentSecret(settings.dataDir), ...verify] = settings.jwtSecrets;
  const tokens = await createTokens({
    secrets: [signs, ...verify],
    expiresInSeconds: settings.jwtExpiresInSeconds,
    nowMs,
  });
  const users = createKnownUsers(database.users, settings.adminEmails);
  const authJs = settings.authJs && {
    tokens: await createAuthJsTokens({ ...settings.authJs, nowMs }),
    makeUser: settings.authJs.createsUsers
      ? onFirstSight({ database, users, newId, nowMs, initialCredits: settings.initialCredits })
      : undefined,
  };
  const keys = createServiceKeys({ store: database.keys, users, nowMs, log });
  const redis = settings.redisUrl === undefined ? undefined : await connectRedis(settings.redisUrl, log);
  const passwords = createPasswords();
  const state = { draining: false };
  const deps: Deps = {
    database,
    ledger: openLedger(database, newId),
    tokens,
    users,
    sessions: createSessions(tokens, users, authJs),
    keys,
    limits: createLimits(createCounters(redis), settings.rates),
    clientAddress: createClientAddress(settings.trustedProxies),
    passwords,
    minPasswordLength: settings.minPasswordLength,
    passwordRule: createPasswordRule(settings.minPasswordLength),
    publicUrl: settings.publicUrl,
    initialCredits: settings.initialCredits,
    log,
    nowMs,
    newId,
    frontendOrigins: settings.frontendOrigins,
    metricsToken: settings.metricsToken,
    isDraining: () => state.draining,
  };

  const whitelist = await applyWhitelist(deps, settings.whitelist, settings.initialCredits);
  const server = await listen(createServer(deps), settings, log);
  const sweeper = startSweeper(deps);
  const hasUsers = !(await database.users.isEmpty());
  const setupLink = await firstAdminLink(deps, settings.adminEmails);
  // The one secret that is ever written here: while nobody is an admin, who opens this within an hour is.
  const setup = setupLink === undefined ? {} : { setupLink };
  log.info({ url: server.url, database: database.kind, hasUsers, whitelist, ...setup }, "ready");

  const stop = async (signal: string) => {
    // Whoever asks twice does not get it faster: running requests finish first.
    if (state.draining) return;
    state.draining = true;
    try {
      await server.stop();
      await sweeper.stop();
      await passwords.close();
      await keys.close();
      await redis?.close();
      await database.close();
      log.info({ signal }, "stopped");
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, "stopped with an error");
      process.exit(1);
    }
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
});
