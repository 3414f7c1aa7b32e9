import { isAbsolute, resolve } from "node:path";
import { zEmail } from "@jifen/contract";
import { parseDatabaseUrl, UnsupportedDatabaseUrl } from "@jifen/database";
import { z } from "zod";
import { authJsCookies } from "./identity/authjs-keys.ts";
import type { WhitelistEntry } from "./identity/whitelist.ts";

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
  /** Sessions of sites with Auth.js; undefined when they open nothing here. */
  readonly authJs: AuthJsSettings | undefined;
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
export class BadSettings extends Error {
  override name = "BadSettings";
}

/** Where settings come from: the environment, and the files that `*_FILE` names. */
export type SettingsSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly workingDirectory: string;
};

const MIN_SECRET_BYTES = 32;
const SECRETS = [
  "JWT_SECRET",
  "JWT_SECRET_1",
  "JWT_SECRET_2",
  "JWT_SECRET_3",
  "DATABASE_URL",
  "USER_WHITELIST",
  "METRICS_TOKEN",
  "AUTH_SECRET",
  "AUTH_SECRET_1",
  "AUTH_SECRET_2",
  "AUTH_SECRET_3",
] as const;
const DURATION_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

const zWholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const zOrigins = z.string().transform((text, issue) =>
  text.split(",").map((each) => {
    const trimmed = each.trim();
    const origin = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
    if (!origin || !/^https?:$/.test(origin.protocol) || origin.pathname !== "/") {
      issue.addIssue("must be origins separated by commas, such as https://example.com,http://localhost:3000");
      return "";
    }
    return origin.origin;
  }),
);

const zWhitelist = z.string().transform((text, issue) => {
  const emails = new Set<string>();
  return text.split(",").flatMap((entry, index) => {
    const colon = entry.indexOf(":");
    const email = zEmail.safeParse(entry.slice(0, Math.max(colon, 0)));
    const password = entry.slice(colon + 1);
    if (colon < 0 || !email.success || password === "") {
      issue.addIssue(
        `entry ${index + 1} must be email:password (entries are separated by commas, so a password cannot contain one)`,
      );
      return [];
    }
    if (Buffer.byteLength(password) > 72) {
      issue.addIssue(
        `the password of entry ${index + 1} is longer than 72 bytes, all that bcrypt looks at: choose a shorter one`,
      );
    }
    if (emails.has(email.data)) issue.addIssue(`entry ${index + 1} has the address of an earlier one: leave one out`);
    emails.add(email.data);
    return [{ email: email.data, password }];
  });
});

const zEmails = z.string().transform((text, issue) => {
  const emails = text.split(",").map((entry) => zEmail.safeParse(entry));
  for (const [index, { success }] of emails.entries()) {
    if (!success) issue.addIssue(`entry ${index + 1} must be an e-mail address (entries are separated by commas)`);
  }
  return emails.flatMap(({ data }) => data ?? []);
});

const zDuration = z
  .string()
  .regex(/^[1-9]\d{0,8}[smhd]?$/, "must be a time such as 900s, 12h or 7d")
  .transform(
    (text) =>
      Number.parseInt(text, 10) *
      DURATION_SECONDS[(text.at(-1)?.replace(/\d/, "s") ?? "s") as keyof typeof DURATION_SECONDS],
  );

const zSwitch = z.enum(["on", "off"], "must be on or off").transform((text) => text === "on");

const zCookieNames = z
  .string()
  .regex(/^[\w.-]+(,[\w.-]+)*$/, "must be names of cookies separated by commas")
  .transform((text) => text.split(","));

const zDatabaseUrl = z.string().superRefine((url, issue) => {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (!(error instanceof UnsupportedDatabaseUrl)) throw error;
    issue.addIssue(error.message);
  }
});

const zEnvironment = z.object({
  PORT: zWholeNumber(0, 65_535).default(3001),
  HOST: z.string().optional(),
  NODE_ENV: z
    .enum(["development", "production", "test"], "must be development, production or test")
    .default("development"),
  FRONTEND_URL: zOrigins.optional(),
  JWT_EXPIRES_IN: zDuration.default(7 * DURATION_SECONDS.d),
  DATABASE_URL: zDatabaseUrl.optional(),
  DATA_DIR: z.string().default("data"),
  USER_WHITELIST: zWhitelist.default([]),
  INITIAL_CREDITS: zWholeNumber(0, 1_000_000_000_000).default(100),
  ADMIN_EMAILS: zEmails.default([]),
  PASSWORD_MIN_LENGTH: zWholeNumber(8, 64).default(10),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be a URL such as https://credits.example.com" }).optional(),
  AUTHJS: zSwitch.optional(),
  AUTHJS_AUTO_CREATE: zSwitch.default(false),
  AUTHJS_COOKIE_NAMES: zCookieNames.default([]),
  AUTHJS_MAX_AGE: zDuration.default(30 * DURATION_SECONDS.d),
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
  const names = ["JWT_SECRET", "JWT_SECRET_1", "JWT_SECRET_2", "JWT_SECRET_3"];
  const secrets = names.map((name) => given[name]).filter((secret) => secret !== undefined);
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
  const own = ["AUTH_SECRET", "AUTH_SECRET_1", "AUTH_SECRET_2", "AUTH_SECRET_3"].flatMap((name) => given[name] ?? []);
  const secrets = given["AUTHJS"] === "on" && own.length === 0 ? jwtSecrets : own;
  if (given["AUTHJS"] === "on" && secrets.length === 0) {
    problems.push("AUTHJS is on, but there is no secret: set AUTH_SECRET to the one of your site");
  }
  if (given["NODE_ENV"] === "production" && own.some((secret) => Buffer.byteLength(secret) < MIN_SECRET_BYTES)) {
    problems.push(`AUTH_SECRET (and _1 to _3) must have at least ${MIN_SECRET_BYTES} bytes in production`);
  }
  return secrets;
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
  if (!parsed.success || problems.length > 0) {
    const lines = problems.map((line) => `  - ${line}`).join("\n");
    throw new BadSettings(`Jifen cannot start with these settings 配置有误:\n${lines}`);
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
    whitelist: set.USER_WHITELIST,
    initialCredits: set.INITIAL_CREDITS,
    minPasswordLength: set.PASSWORD_MIN_LENGTH,
    publicUrl: (set.PUBLIC_URL ?? `http://localhost:${set.PORT}`).replace(/\/+$/, ""),
    adminEmails: new Set(set.ADMIN_EMAILS),
    metricsToken: set.METRICS_TOKEN,
    authJs:
      set.AUTHJS === false || authJsSecrets.length === 0
        ? undefined
        : {
            secrets: authJsSecrets,
            cookieNames: [...authJsCookies, ...set.AUTHJS_COOKIE_NAMES],
            maxAgeSeconds: set.AUTHJS_MAX_AGE,
            createsUsers: set.AUTHJS_AUTO_CREATE,
          },
    logLevel: set.LOG_LEVEL,
  };
}
