import type { UserId } from "@jifen/core";
import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import type { RateLimits } from "../../http/rate-limits/rate-limits.ts";
import type { NewId } from "../../values/ids.ts";
import { createAuthJsTokens } from "./credentials/authjs-tokens.ts";
import { developmentSecret } from "./credentials/development-secret.ts";
import { createPasswordRule } from "./credentials/password-rule.ts";
import { createPasswords } from "./credentials/passwords.ts";
import { createServiceKeys } from "./credentials/service-keys.ts";
import { createSessions } from "./credentials/sessions.ts";
import { createTokens } from "./credentials/tokens.ts";
import { createUserCache } from "./credentials/user-cache.ts";
import { createWhitelistTags } from "./credentials/whitelist-tags.ts";
import type { Deps } from "./deps.ts";
import type { IdentitySettings } from "./settings.ts";
import { createUserProvisioner } from "./use-cases/provision-user.ts";

/** What the identity module is built from. */
type Base = {
  readonly settings: IdentitySettings & {
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
  const mailer = settings.mail && (await import("./mail/mailer.ts")).createMailer(settings.mail, log);
  const passwords = createPasswords();
  return {
    deps: {
      database,
      tokens,
      userCache,
      adminEmails,
      sessions: createSessions({ tokens, users: userCache, authJs, log }),
      keys,
      rateLimits,
      mailer,
      registrationMailer: settings.isRegistrationOpen ? mailer : undefined,
      passwords,
      passwordRule: createPasswordRule(minPasswordLength),
      whitelistTags: createWhitelistTags([signs, ...verify]),
      publicUrl,
      initialCredits,
      hasUserKeys: settings.hasUserKeys,
      newId,
      nowMs,
    },
    close: async () => {
      await mailer?.close();
      await passwords.close();
      await keys.close();
    },
  };
}
