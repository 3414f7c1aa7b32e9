import type { Database } from "@jifen/database";
import type { RateLimits } from "../../http/rate-limits/rate-limits.ts";
import type { NewId } from "../../values/ids.ts";
import type { PasswordRule } from "./credentials/password-rule.ts";
import type { Passwords } from "./credentials/passwords.ts";
import type { ServiceKeys } from "./credentials/service-keys.ts";
import type { Sessions } from "./credentials/sessions.ts";
import type { Tokens } from "./credentials/tokens.ts";
import type { UserCache } from "./credentials/user-cache.ts";
import type { WhitelistTags } from "./credentials/whitelist-tags.ts";
import type { Mailer } from "./mail/mailer.ts";

/** What the identity module works with. */
export type Deps = {
  readonly database: Pick<Database, "users" | "links" | "keys">;
  readonly tokens: Tokens;
  readonly userCache: UserCache;
  /** Normalised addresses of users that are admins whatever the database says. */
  readonly adminEmails: ReadonlySet<string>;
  readonly sessions: Sessions;
  readonly keys: ServiceKeys;
  readonly rateLimits: Pick<RateLimits, "login" | "mail">;
  /** undefined when this server sends no e-mail. */
  readonly mailer: Mailer | undefined;
  /** The mailer of registrations; undefined when registration is closed. */
  readonly registrationMailer: Mailer | undefined;
  readonly passwords: Passwords;
  readonly passwordRule: PasswordRule;
  readonly whitelistTags: WhitelistTags;
  /** The address of this server in links, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Credits that a new user gets. */
  readonly initialCredits: number;
  /** Whether users without a role on staff create and rotate service keys of their own. */
  readonly hasUserKeys: boolean;
  readonly newId: NewId;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
