import type pg from "pg";
import { type TlsRequest, tlsOf } from "../../url/tls.ts";
import { tlsFiles } from "../../url/tls-files.ts";
import { UnsupportedDatabaseUrl } from "../../url/unsupported-url.ts";
import { parseOptions, type Setting } from "./settings.ts";

/** What a PostgreSQL URL asks for. */
export type PostgresqlTarget = {
  /** Where and as whom to connect. */
  readonly address: Pick<pg.ClientConfig, "host" | "port" | "user" | "password" | "database" | "application_name">;
  readonly connectTimeoutMs: number | undefined;
  readonly tls: TlsRequest | undefined;
  /** Whether the TLS handshake comes first (PostgreSQL 17). */
  readonly isTlsDirect: boolean;
  /** Whether the password is bound to the TLS connection: `require` refuses a server that cannot. */
  readonly channelBinding: "disable" | "prefer" | "require";
  /** The schema of the tables; undefined: the first of the search path. */
  readonly schema: string | undefined;
  readonly searchPath: string | undefined;
  readonly settings: readonly Setting[];
  /** Options that are no settings. */
  readonly otherOptions: string;
  /** Whether the URL says that a pooler gives each transaction another session. */
  readonly isPooled: boolean;
};

/** Reads a URL that `parseDatabaseUrl` accepts. @throws UnsupportedDatabaseUrl */
export function parsePostgresqlUrl(text: string): PostgresqlTarget {
  const url = new URL(text);
  const { searchParams } = url;
  const of = (name: string, otherwise: string) => searchParams.get(name) ?? decodeURIComponent(otherwise);
  const { settings, searchPath, others } = parseOptions(searchParams.get("options") ?? "");
  const schemas = [searchParams.get("schema"), searchParams.get("currentSchema"), searchPath ?? null];
  const named = schemas.filter((schema) => schema !== null);
  if (named.length > 1) throw new UnsupportedDatabaseUrl("names the schema twice: use the parameter schema alone");
  const tls = tlsOf(searchParams, tlsFiles.postgresql);
  const isTlsDirect = searchParams.get("sslnegotiation") === "direct";
  const channelBinding = (searchParams.get("channel_binding") ?? "disable") as PostgresqlTarget["channelBinding"];
  const hasTls = tls !== undefined && tls.level !== "off" && tls.level !== "prefer";
  if ((isTlsDirect || channelBinding === "require") && !hasTls) {
    throw new UnsupportedDatabaseUrl(
      "needs TLS for sslnegotiation=direct and channel_binding=require: add sslmode=require",
    );
  }
  const seconds = searchParams.get("connect_timeout");
  return {
    address: {
      host: of("host", url.hostname.replace(/^\[|\]$/g, "")) || "localhost",
      port: Number(searchParams.get("port") ?? (url.port || 5432)),
      ...definedOnly({
        user: of("user", url.username),
        password: of("password", url.password),
        database: of("dbname", url.pathname.slice(1)),
      }),
      application_name: searchParams.get("application_name") ?? "jifen",
    },
    connectTimeoutMs: seconds === null ? undefined : Number(seconds) * 1_000,
    tls,
    isTlsDirect,
    channelBinding,
    schema: searchParams.get("schema") ?? searchParams.get("currentSchema") ?? undefined,
    searchPath,
    settings,
    otherOptions: others,
    isPooled: searchParams.get("pgbouncer") === "true",
  };
}

/** Without empty values: the driver takes those from PGUSER, PGPASSWORD and PGDATABASE. */
const definedOnly = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
