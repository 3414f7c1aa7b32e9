import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import type { Rates } from "../http/rate-limits/rate-limits.ts";
import { authJsCookies } from "../modules/identity/credentials/authjs-keys.ts";
import type { WhitelistEntry } from "../modules/identity/use-cases/apply-whitelist.ts";
import {
  DURATION_SECONDS,
  zCookieNames,
  zDatabaseUrl,
  zDuration,
  zEmails,
  zMailbox,
  zOrigins,
  zProxies,
  zRate,
  zSwitch,
  zWhitelist,
  zWholeNumber,
} from "./values.ts";

/** Every setting, parsed. */
export type Settings = {
  readonly port: number;
  readonly host: string | undefined;
  readonly isProduction: boolean;
  readonly frontendOrigins: readonly string[];
  /** The first signs, all verify. Empty in development without JWT_SECRET: one is made then. */
  readonly jwtSecrets: readonly string[];
  readonly jwtExpiresInSeconds: number;
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** Whether a start brings the tables up to date; otherwise `jifen migrate` does. */
  readonly autoMigrate: boolean;
  readonly whitelist: readonly WhitelistEntry[];
  readonly initialCredits: number;
  /** In characters; of new ones. */
  readonly minPasswordLength: number;
  /** Where people reach this server: one-time links begin with it. Without a slash at the end. */
  readonly publicUrl: string;
  /** Normalised. */
  readonly adminEmails: ReadonlySet<string>;
  /** undefined when there is nothing to be read at /metrics. */
  readonly metricsToken: string | undefined;
  readonly rates: Rates;
  /** Where calls are counted when there is no Redis. */
  readonly countsIn: "memory" | "database";
  /** Counts what several processes count together; undefined when each counts for itself. */
  readonly redisUrl: string | undefined;
  /** Whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** Sessions of sites with Auth.js; undefined when they open nothing here. */
  readonly authJs: AuthJsSettings | undefined;
  /** undefined when no mail is sent. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  /** Whether strangers may become users. */
  readonly isRegistrationOpen: boolean;
  readonly logLevel: string;
};

/** Whose sessions of Auth.js count, and for how long. */
type AuthJsSettings = {
  readonly secrets: readonly string[];
  readonly cookieNames: readonly string[];
  readonly maxAgeSeconds: number;
  /** Whether somebody unknown is made on first sight. */
  readonly createsUsers: boolean;
};

/** Some settings are wrong. The message lists each with its mend, and prints no values. */
export class InvalidSettings extends Error {
  override name = "BadSettings";
}

/** Where settings come from: the environment, and the files that `*_FILE` names. */
export type SettingsSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly workingDirectory: string;
};

const MIN_SECRET_BYTES = 32;
/** A secret, and those that it takes the place of. */
const ringOf = (name: string) => [name, `${name}_1`, `${name}_2`, `${name}_3`];
const [JWT_SECRETS, AUTH_SECRETS] = [ringOf("JWT_SECRET"), ringOf("AUTH_SECRET")];
const SECRETS = [
  ...JWT_SECRETS,
  "DATABASE_URL",
  "USER_WHITELIST",
  "METRICS_TOKEN",
  "REDIS_URL",
  "SMTP_URL",
  ...AUTH_SECRETS,
];

const isOn = (text: string | undefined) => text === "on" || text === "true";

const zEnvironment = z.object({
  PORT: zWholeNumber(0, 65_535).default(3001),
  HOST: z.string().optional(),
  NODE_ENV: z
    .enum(["development", "production", "test"], "must be development, production or test")
    .default("development"),
  FRONTEND_URL: zOrigins.optional(),
  JWT_EXPIRES_IN: zDuration.default(7 * DURATION_SECONDS.d),
  DATABASE_URL: zDatabaseUrl.optional(),
  AUTO_MIGRATE: zSwitch.default(true),
  DATA_DIR: z.string().default("data"),
  USER_WHITELIST: zWhitelist.default([]),
  INITIAL_CREDITS: zWholeNumber(0, 1_000_000_000_000).default(100),
  ADMIN_EMAILS: zEmails.default([]),
  PASSWORD_MIN_LENGTH: zWholeNumber(8, 64).default(10),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be a URL such as https://credits.example.com" }).optional(),
  AUTHJS_ENABLED: zSwitch.optional(),
  AUTHJS_AUTO_CREATE: zSwitch.default(false),
  AUTHJS_COOKIE_NAMES: zCookieNames.default([]),
  AUTHJS_MAX_AGE: zDuration.default(30 * DURATION_SECONDS.d),
  RATE_LIMIT_CALLER: zRate.prefault("6000000/1m"),
  RATE_LIMIT_IP: zRate.prefault("30000/1m"),
  RATE_LIMIT_LOGIN: zRate.prefault("60/1m"),
  RATE_LIMIT_MAIL: zRate.prefault("60/1h"),
  RATE_LIMIT_STORE: z.enum(["memory", "database"], "must be memory or database").default("memory"),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a URL such as redis://localhost:6379" }).optional(),
  TRUST_PROXY: zProxies.default([]),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must be a URL such as smtps://user:password@mail.example.com:465" })
    .optional(),
  MAIL_FROM: zMailbox.optional(),
  REGISTRATION: z.enum(["open", "closed"], "must be open or closed").default("closed"),
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      "must be trace, debug, info, warn, error, fatal or silent",
    )
    .default("info"),
});

/** Empty is the same as unset: that is how compose files pass what nobody filled in. */
function readEnvironment({ env, readFile }: SettingsSource, problems: string[]): Record<string, string> {
  const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  for (const name of SECRETS) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set: leave one out`);
    try {
      given[name] = readFile(file).trimEnd();
    } catch {
      problems.push(`${name}_FILE names a file that cannot be read`);
    }
  }
  return given;
}

/** The ring of secrets: the first signs, all verify. */
function readSecrets(given: Readonly<Record<string, string>>, problems: string[]): readonly string[] {
  const secrets = JWT_SECRETS.flatMap((name) => given[name] ?? []);
  const make = "make one with: openssl rand -base64 32";
  const isProduction = given["NODE_ENV"] === "production";
  if (given["JWT_SECRET"] === undefined && secrets.length > 0) {
    problems.push(`JWT_SECRET is missing, JWT_SECRET_1 to _3 only verify: ${make}`);
  } else if (isProduction && secrets.length === 0) {
    problems.push(`JWT_SECRET is required in production: ${make}`);
  }
  if (isProduction && secrets.some((secret) => Buffer.byteLength(secret) < MIN_SECRET_BYTES)) {
    problems.push(`JWT_SECRET (and _1 to _3) must have at least ${MIN_SECRET_BYTES} bytes in production: ${make}`);
  }
  return secrets;
}

/** Auth.js has one secret in AUTH_SECRET and others in AUTH_SECRET_1 to _3; a site may share the secret of our tokens instead. */
function readAuthJsSecrets(
  given: Readonly<Record<string, string>>,
  jwtSecrets: readonly string[],
  problems: string[],
): readonly string[] {
  const own = AUTH_SECRETS.flatMap((name) => given[name] ?? []);
  const secrets = isOn(given["AUTHJS_ENABLED"]) && own.length === 0 ? jwtSecrets : own;
  if (isOn(given["AUTHJS_ENABLED"]) && secrets.length === 0) {
    problems.push("AUTHJS_ENABLED is on, but there is no secret: set AUTH_SECRET to the one of your site");
  }
  if (given["NODE_ENV"] === "production" && own.some((secret) => Buffer.byteLength(secret) < MIN_SECRET_BYTES)) {
    problems.push(`AUTH_SECRET (and _1 to _3) must have at least ${MIN_SECRET_BYTES} bytes in production`);
  }
  return secrets;
}

/** Nobody becomes a user without showing that the address is theirs. */
function checkMail(given: Readonly<Record<string, string>>, problems: string[]): void {
  const canSend = given["SMTP_URL"] !== undefined;
  if (canSend && given["MAIL_FROM"] === undefined) {
    problems.push(
      "MAIL_FROM is missing: set it to the address that mail comes from, such as Jifen <jifen@example.com>",
    );
  }
  if (given["REGISTRATION"] === "open" && !canSend) {
    problems.push(
      "REGISTRATION is open, but no mail can be sent: set SMTP_URL and MAIL_FROM, for the link that proves an address",
    );
  }
}

/**
 * Reads every setting; pure but for the files that it is told to read.
 * @throws BadSettings listing everything that is wrong
 */
export function parseSettings(source: SettingsSource): Settings {
  const problems: string[] = [];
  const given = readEnvironment(source, problems);
  const parsed = zEnvironment.safeParse(given);
  if (!parsed.success) problems.push(...parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`));
  const jwtSecrets = readSecrets(given, problems);
  const authJsSecrets = readAuthJsSecrets(given, jwtSecrets, problems);
  checkMail(given, problems);
  if (!parsed.success || problems.length > 0) {
    const lines = problems.map((line) => `  - ${line}`).join("\n");
    throw new InvalidSettings(`Jifen cannot start with these settings 配置有误:\n${lines}`);
  }
  const set = parsed.data;
  const isProduction = set.NODE_ENV === "production";
  const dataDir = isAbsolute(set.DATA_DIR) ? set.DATA_DIR : resolve(source.workingDirectory, set.DATA_DIR);
  return {
    port: set.PORT,
    host: set.HOST,
    isProduction,
    frontendOrigins: set.FRONTEND_URL ?? (isProduction ? [] : ["http://localhost:3000"]),
    jwtSecrets,
    jwtExpiresInSeconds: set.JWT_EXPIRES_IN,
    databaseUrl: set.DATABASE_URL ?? `file:${resolve(dataDir, "jifen.db")}`,
    dataDir,
    autoMigrate: set.AUTO_MIGRATE,
    whitelist: set.USER_WHITELIST,
    initialCredits: set.INITIAL_CREDITS,
    minPasswordLength: set.PASSWORD_MIN_LENGTH,
    publicUrl: (set.PUBLIC_URL ?? `http://localhost:${set.PORT}`).replace(/\/+$/, ""),
    adminEmails: new Set(set.ADMIN_EMAILS),
    metricsToken: set.METRICS_TOKEN,
    rates: {
      caller: set.RATE_LIMIT_CALLER,
      ip: set.RATE_LIMIT_IP,
      login: set.RATE_LIMIT_LOGIN,
      mail: set.RATE_LIMIT_MAIL,
    },
    countsIn: set.RATE_LIMIT_STORE,
    redisUrl: set.REDIS_URL,
    trustedProxies: set.TRUST_PROXY,
    authJs:
      set.AUTHJS_ENABLED === false || authJsSecrets.length === 0
        ? undefined
        : {
            secrets: authJsSecrets,
            cookieNames: [...authJsCookies, ...set.AUTHJS_COOKIE_NAMES],
            maxAgeSeconds: set.AUTHJS_MAX_AGE,
            createsUsers: set.AUTHJS_AUTO_CREATE,
          },
    mail: set.SMTP_URL && set.MAIL_FROM ? { url: set.SMTP_URL, from: set.MAIL_FROM } : undefined,
    isRegistrationOpen: set.REGISTRATION === "open",
    logLevel: set.LOG_LEVEL,
  };
}
