import type { Database } from "@jifen/database";
import type { RateLimits } from "../../http/rate-limits/rate-limits.ts";
import type { NewId } from "../../values/ids.ts";
import type { ExportLinks } from "../exports/links/export-links.ts";
import type { NamedUsers } from "./credentials/named-users.ts";
import type { NewUserMeter } from "./credentials/new-user-meter.ts";
import type { PasswordRule } from "./credentials/password-rule.ts";
import type { Passwords } from "./credentials/passwords.ts";
import type { ServiceKeys } from "./credentials/service-keys.ts";
import type { Sessions } from "./credentials/sessions.ts";
import type { Tokens } from "./credentials/tokens.ts";
import type { UserCache } from "./credentials/user-cache.ts";
import type { WhitelistTags } from "./credentials/whitelist-tags.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { BrowserSessions } from "./session/browser-sessions.ts";
import type { Brand } from "./session/settings.ts";

/** What the identity module works with. */
export type Deps = {
  readonly database: Pick<Database, "auditLog" | "history" | "keys" | "links" | "users">;
  readonly tokens: Tokens;
  readonly userCache: UserCache;
  /** Normalised addresses of users that are admins whatever the database says. */
  readonly adminEmails: ReadonlySet<string>;
  readonly sessions: Sessions;
  readonly browserSessions: BrowserSessions;
  readonly exportLinks: ExportLinks;
  readonly keys: ServiceKeys;
  /** The same for open streams, which end within five seconds of their session: what it knows is younger. */
  readonly streamAuthentication: Pick<Deps, "sessions" | "keys" | "userCache" | "namedUsers">;
  readonly rateLimits: Pick<RateLimits, "login" | "mail" | "newUsers">;
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
  /** Which requests create the users that they name. */
  readonly namedUsers: NamedUsers;
  readonly newUserMeter: NewUserMeter;
  /** How the pages of this server present themselves. */
  readonly brand: Brand;
  readonly newId: NewId;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
