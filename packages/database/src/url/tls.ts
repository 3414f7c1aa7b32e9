import { UnsupportedDatabaseUrl } from "./unsupported-url.ts";

/** How strictly a connection is protected, the weakest first. */
const levels = ["off", "prefer", "require", "verify-ca", "verify-full"] as const;

/** `prefer` accepts a server without TLS; `require` accepts any certificate; `verify-ca` any host with a trusted one. */
type TlsLevel = (typeof levels)[number];

/** What a URL says of TLS. Files are paths. */
export type TlsRequest = {
  readonly level: TlsLevel;
  /** The certificates of trusted authorities; undefined trusts those of Node.js. */
  readonly authorityFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
  /** A certificate with its key in one file (PKCS 12). */
  readonly identityFile: string | undefined;
  readonly passphrase: string | undefined;
};

/** The level that each value of a parameter asks for. `sslmode` and `ssl-mode` are as libpq and MySQL define them. */
const levelsOf: Readonly<Record<string, TlsLevel>> = {
  disable: "off",
  disabled: "off",
  allow: "prefer",
  prefer: "prefer",
  preferred: "prefer",
  require: "require",
  required: "require",
  "no-verify": "require",
  accept_invalid_certs: "require",
  "verify-ca": "verify-ca",
  verify_ca: "verify-ca",
  "verify-full": "verify-full",
  verify_identity: "verify-full",
  strict: "verify-full",
  true: "verify-full",
  "1": "verify-full",
  false: "off",
  "0": "off",
};

/** The parameters that ask for a level: of libpq, MySQL's programs, Prisma, and the drivers of Node.js. */
const LEVEL_PARAMETERS = ["sslmode", "sslMode", "ssl-mode", "ssl", "sslaccept"] as const;

/** `ssl={"rejectUnauthorized":true}`, as mysql2 and PlanetScale write it. */
export const SSL_OBJECT = /^\{\s*"rejectUnauthorized"\s*:\s*(true|false)\s*\}$/;

function levelOf(value: string): TlsLevel {
  const isVerifying = SSL_OBJECT.exec(value)?.[1];
  if (isVerifying !== undefined) return isVerifying === "true" ? "verify-full" : "require";
  return levelsOf[value.toLowerCase()] ?? "verify-full";
}

/** The file that the first of these parameters names. */
const fileOf = (parameters: URLSearchParams, names: readonly string[]): string | undefined =>
  names.map((name) => parameters.get(name)).find((file) => file !== null && file !== "system") ?? undefined;

/** Which parameters name files. */
export type TlsFileNames = {
  readonly authority: readonly string[];
  readonly certificate: string;
  readonly key: string;
};

/**
 * Reads what the parameters say of TLS; undefined when they say nothing. Of several levels the strictest holds.
 * @throws UnsupportedDatabaseUrl when one asks for TLS and another one turns it off
 */
export function tlsOf(parameters: URLSearchParams, names: TlsFileNames): TlsRequest | undefined {
  const given = LEVEL_PARAMETERS.filter((name) => parameters.has(name));
  const asked = given.map((name) => levelOf(parameters.get(name) ?? ""));
  const files = {
    authorityFile: fileOf(parameters, names.authority),
    certificateFile: fileOf(parameters, [names.certificate]),
    keyFile: fileOf(parameters, [names.key]),
    identityFile: fileOf(parameters, ["sslidentity"]),
    passphrase: parameters.get("sslpassword") ?? undefined,
  };
  const hasFiles = Object.values(files).some((file) => file !== undefined);
  const trustsSystem = names.authority.some((name) => parameters.get(name) === "system");
  if (given.length === 0) return hasFiles || trustsSystem ? { level: "verify-full", ...files } : undefined;
  if (asked.includes("off") && (asked.some((level) => level !== "off") || hasFiles)) {
    throw new UnsupportedDatabaseUrl(`turns TLS off and asks for it (${given.join(", ")}): remove one of them`);
  }
  const level = levels[Math.max(...asked.map((each) => levels.indexOf(each)))] ?? "verify-full";
  if (trustsSystem) return { level: "verify-full", ...files };
  // As libpq has it: with a trusted authority, `require` verifies it.
  return { level: level === "require" && files.authorityFile !== undefined ? "verify-ca" : level, ...files };
}
