import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { Logger } from "pino";
import type { ConcurrencyLimiter } from "./http/concurrency-limiter.ts";
import type { ClientAddress } from "./http/rate-limits/client-address.ts";
import type { RateLimits } from "./http/rate-limits/rate-limits.ts";
import type { PasswordRule } from "./modules/identity/credentials/password-rule.ts";
import type { Passwords } from "./modules/identity/credentials/passwords.ts";
import type { ServiceKeys } from "./modules/identity/credentials/service-keys.ts";
import type { Sessions } from "./modules/identity/credentials/sessions.ts";
import type { Tokens } from "./modules/identity/credentials/tokens.ts";
import type { UserCache } from "./modules/identity/credentials/user-cache.ts";
import type { Mailer } from "./modules/identity/mail/mailer.ts";

/** What the procedures work with, made once in main.ts. */
export type Deps = {
  readonly database: Database;
  readonly ledger: Ledger;
  /** Through which commands for the ledger come in. */
  readonly commandLimiter: ConcurrencyLimiter;
  readonly tokens: Tokens;
  readonly userCache: UserCache;
  /** Normalised addresses of those who are admins whatever the database says. */
  readonly adminEmails: ReadonlySet<string>;
  readonly sessions: Sessions;
  readonly keys: ServiceKeys;
  readonly rateLimits: RateLimits;
  readonly clientAddress: ClientAddress;
  /** undefined when this server sends no mail. */
  readonly mailer: Mailer | undefined;
  /** The same where anybody may register; undefined where nobody may. */
  readonly registrationMailer: Mailer | undefined;
  readonly passwords: Passwords;
  /** In characters. */
  readonly minPasswordLength: number;
  /** What a new password has to be. */
  readonly passwordRule: PasswordRule;
  readonly log: Logger;
  /** Where people reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** What a new user gets, in credits. */
  readonly initialCredits: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** `<prefix>-` and a time-ordered UUID (RFC 9562, version 7). */
  readonly newId: (prefix: "log" | "txn" | "grant" | "hold" | "event" | "audit") => string;
  /** Exact origins that browsers may call from. */
  readonly frontendOrigins: readonly string[];
  /** Who has it may read the metrics; undefined when nobody may. */
  readonly metricsToken: string | undefined;
  /** Whether the database is known not to answer: nobody has to wait for it to find that out. */
  readonly isCircuitOpen: () => boolean;
  /** Says whether the server has been told to stop. */
  readonly isDraining: () => boolean;
};
