import type { UserId } from "@jifen/core";
import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import type { RateLimits } from "../../http/rate-limits/rate-limits.ts";
import type { NewId } from "../../values/ids.ts";
import { createExportLinks } from "../exports/links/export-links.ts";
import { createAuthJsTokens } from "./credentials/authjs-tokens.ts";
import { developmentSecret } from "./credentials/development-secret.ts";
import { createNewUserMeter } from "./credentials/new-user-meter.ts";
import { createPasswordRule } from "./credentials/password-rule.ts";
import { createPasswords } from "./credentials/passwords.ts";
import { createServiceKeys } from "./credentials/service-keys.ts";
import { createSessions } from "./credentials/sessions.ts";
import { createTokens } from "./credentials/tokens.ts";
import { createUserCache } from "./credentials/user-cache.ts";
import { createWhitelistTags } from "./credentials/whitelist-tags.ts";
import type { Deps } from "./deps.ts";
import { createBrowserSessions } from "./session/browser-sessions.ts";
import { createBrowserTokens } from "./session/browser-tokens.ts";
import { createSessionCookie } from "./session/cookie.ts";
import { longestSeconds } from "./session/lifetimes.ts";
import type { SessionSettings } from "./session/settings.ts";
import type { IdentitySettings } from "./settings.ts";
import { createNamedUserProvisioner } from "./use-cases/provision-named-user.ts";
import { createUserProvisioner } from "./use-cases/provision-user.ts";

/** How old the users and keys can be by which open streams are checked. */
const STREAM_TTL_MS = 2_000;

/** What the identity module is built from. */
type Base = {
  readonly settings: IdentitySettings &
    SessionSettings & {
      readonly dataDir: string;
      readonly initialCredits: number;
    };
  /** The address of this server for users, once it listens. */
  readonly publicUrl: () => string;
  readonly database: Database;
  readonly rateLimits: RateLimits;
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly log: Logger;
};

/** Builds what the identity module works with. `close` sends the last e-mails and stops the worker threads. */
export async function createIdentity({
  settings,
  publicUrl,
  database,
  rateLimits,
  newId,
  nowMs,
  log,
}: Base): Promise<{ readonly deps: Deps; readonly close: () => Promise<void> }> {
  const { adminEmails, minPasswordLength, initialCredits } = settings;
  const [signs = developmentSecret(settings.dataDir), ...verify] = settings.jwtSecrets;
  const tokens = await createTokens({
    secrets: [signs, ...verify],
    expiresInSeconds: settings.jwtExpiresInSeconds,
    nowMs,
  });
  const userCache = createUserCache(database.users, adminEmails);
  const lifetimes = { userSeconds: settings.jwtExpiresInSeconds, staffSeconds: settings.consoleSessionSeconds };
  const browserSessions = createBrowserSessions({
    cookie: createSessionCookie(publicUrl),
    tokens: await createBrowserTokens({ secrets: [signs, ...verify], maxAgeSeconds: longestSeconds(lifetimes), nowMs }),
    ...{ users: userCache, lifetimes, nowMs, log },
  });
  const authJs = settings.authJs && {
    tokens: await createAuthJsTokens({ ...settings.authJs, nowMs }),
    provisionUser: settings.authJs.createsUsers
      ? createUserProvisioner({ database, userCache, newId, nowMs, initialCredits })
      : undefined,
    recordSignIn: async (id: UserId) => {
      await database.users.recordSignIn(id);
      userCache.forget(id);
    },
  };
  const keys = createServiceKeys({ store: database.keys, users: userCache, nowMs, log });
  const newUserMeter = createNewUserMeter();
  const named = { database, userCache, newId, nowMs, initialCredits, adminEmails, rateLimits, meter: newUserMeter };
  const namedUsers = {
    areAlwaysCreated: settings.createsNamedUsers,
    provision: createNamedUserProvisioner(named),
  };
  const ofStreams = createUserCache(database.users, adminEmails, STREAM_TTL_MS);
  const streamAuthentication = {
    userCache: ofStreams,
    // A user whose stream is open exists: none is created here.
    sessions: createSessions({
      tokens,
      users: ofStreams,
      authJs: authJs && { ...authJs, provisionUser: undefined },
      log,
    }),
    keys: createServiceKeys({ store: database.keys, users: ofStreams, nowMs, log, ttlMs: STREAM_TTL_MS }),
    namedUsers: { ...namedUsers, areAlwaysCreated: false },
  };
  const mailer = settings.mail && (await import("./mail/mailer.ts")).createMailer(settings.mail, log);
  const passwords = createPasswords();
  return {
    deps: {
      database,
      tokens,
      userCache,
      adminEmails,
      sessions: createSessions({ tokens, users: userCache, authJs, log }),
      browserSessions,
      exportLinks: await createExportLinks({ secrets: [signs, ...verify], nowMs }),
      keys,
      streamAuthentication,
      rateLimits,
      mailer,
      registrationMailer: settings.isRegistrationOpen ? mailer : undefined,
      passwords,
      passwordRule: createPasswordRule(minPasswordLength),
      whitelistTags: createWhitelistTags([signs, ...verify]),
      publicUrl,
      initialCredits,
      hasUserKeys: settings.hasUserKeys,
      namedUsers,
      newUserMeter,
      brand: settings.brand,
      newId,
      nowMs,
    },
    close: async () => {
      await mailer?.close();
      await passwords.close();
      await Promise.all([keys, streamAuthentication.keys].map((each) => each.close()));
    },
  };
}
