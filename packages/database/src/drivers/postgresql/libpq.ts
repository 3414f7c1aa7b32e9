import type { TlsRequest } from "../../url/tls.ts";
import { parsePostgresqlUrl } from "./target.ts";

/** How the programs of PostgreSQL connect. */
export type LibpqConnection = {
  /** The value of `--dbname`, without the password. */
  readonly dbname: string;
  readonly env: Readonly<Record<string, string>>;
};

const sslModes: Readonly<Record<TlsRequest["level"], string>> = {
  off: "disable",
  prefer: "prefer",
  require: "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

/** The first version of libpq that begins with the TLS handshake. */
const DIRECT_TLS = 17;

/**
 * What a URL asks for, in the words of libpq. Undefined when libpq of the version `major` cannot have it: a certificate with
 * its key in one file; a passphrase, which would stand in the arguments; a verified server without a file of authorities,
 * because Node.js trusts others than libpq; or TLS without a request before it.
 */
export function toLibpq(url: string, major: number): LibpqConnection | undefined {
  const { address, tls, isTlsDirect, channelBinding } = parsePostgresqlUrl(url);
  if (tls?.identityFile !== undefined || tls?.passphrase !== undefined) return undefined;
  const isVerifying = tls?.level === "verify-ca" || tls?.level === "verify-full";
  if (isVerifying && tls.authorityFile === undefined) return undefined;
  if (isTlsDirect && major < DIRECT_TLS) return undefined;
  const parameters = {
    host: address.host,
    port: address.port,
    user: address.user,
    dbname: address.database,
    sslmode: tls && sslModes[tls.level],
    sslrootcert: tls?.authorityFile,
    sslcert: tls?.certificateFile,
    sslkey: tls?.keyFile,
    sslnegotiation: isTlsDirect ? "direct" : undefined,
    channel_binding: channelBinding === "require" ? "require" : undefined,
    options: new URL(url).searchParams.get("options") ?? undefined,
    application_name: "jifen",
  };
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const env: Record<string, string> = typeof address.password === "string" ? { PGPASSWORD: address.password } : {};
  return { dbname: given.map(([name, value]) => `${name}=${quote(String(value))}`).join(" "), env };
}

/** A value of a connection string. */
const quote = (value: string): string => `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
