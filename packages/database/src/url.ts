import { parsePostgresqlUrl } from "./drivers/postgresql/target.ts";
import { checkCredentials } from "./url/credentials.ts";
import { mongodbParameters } from "./url/mongodb-parameters.ts";
import { mysqlParameters } from "./url/mysql-parameters.ts";
import { checkParameters, type KnownParameters } from "./url/parameters.ts";
import { postgresqlParameters } from "./url/postgresql-parameters.ts";
import { tlsOf } from "./url/tls.ts";
import { tlsFiles } from "./url/tls-files.ts";
import { UnsupportedDatabaseUrl } from "./url/unsupported-url.ts";

export { UnsupportedDatabaseUrl } from "./url/unsupported-url.ts";

/** The supported databases. MariaDB counts as `mysql`. */
export type DatabaseKind = "sqlite" | "postgresql" | "mysql" | "mongodb";

/** The database that a URL names. */
export type DatabaseTarget = {
  readonly kind: DatabaseKind;
  /** The path of the file for SQLite, the URL of the server for the others. */
  readonly location: string;
};

const kindsByScheme: ReadonlyMap<string, DatabaseKind> = new Map([
  ["postgresql", "postgresql"],
  ["postgres", "postgresql"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
  ["mongodb", "mongodb"],
  ["mongodb+srv", "mongodb"],
]);

/** Reads the kind of database from the scheme of the URL, and refuses what cannot be obeyed. @throws UnsupportedDatabaseUrl */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "file") return { kind: "sqlite", location: fileOf(url) };
  const kind = scheme === undefined ? undefined : kindsByScheme.get(scheme);
  if (kind === undefined) {
    throw new UnsupportedDatabaseUrl(
      `must begin with file:, postgresql://, mysql:// or mongodb://${scheme ? `, not ${scheme}:` : ""}; leave it out for the embedded database`,
    );
  }
  checkCredentials(url);
  if (kind === "mongodb") checkMongodbUrl(url);
  else if (kind === "mysql") checkSqlUrl(url, mysqlParameters, "mysql");
  else {
    checkSqlUrl(url, postgresqlParameters, "postgresql");
    parsePostgresqlUrl(url);
  }
  return { kind, location: url };
}

function fileOf(url: string): string {
  const file = url.replace(/^file:(\/\/(?=\/))?/i, "");
  if (file === "" || file === ":memory:")
    throw new UnsupportedDatabaseUrl("must name a file, such as file:./data/jifen.db");
  if (file.includes("?"))
    throw new UnsupportedDatabaseUrl("has parameters, which a file: URL cannot have: remove them");
  return file;
}

function checkSqlUrl(url: string, known: KnownParameters, kind: "mysql" | "postgresql"): void {
  if (!URL.canParse(url)) {
    throw new UnsupportedDatabaseUrl("is not a valid URL (special characters in the password must be percent-encoded)");
  }
  const { hostname, pathname, searchParams } = new URL(url);
  if (kind === "mysql" && pathname.length < 2) {
    throw new UnsupportedDatabaseUrl("must name a database, such as mysql://user:password@localhost:3306/jifen");
  }
  if (`${hostname}${searchParams.get("host") ?? ""}`.includes(",")) {
    throw new UnsupportedDatabaseUrl("names several hosts: name the primary, or an address that leads to it");
  }
  checkParameters(searchParams, known);
  tlsOf(searchParams, tlsFiles[kind]);
}

/** A URL of MongoDB can list several hosts, so the URL class cannot parse it. */
function checkMongodbUrl(url: string): void {
  const query = /^mongodb(?:\+srv)?:\/\/[^/?#]+\/[^/?#]+(?:\?(?<query>[^#]*))?$/i.exec(url);
  if (query === null)
    throw new UnsupportedDatabaseUrl(
      "must name hosts and a database, such as mongodb://user:password@host-1,host-2/jifen?replicaSet=rs0 (special characters in the password must be percent-encoded)",
    );
  checkParameters(new URLSearchParams(query.groups?.["query"] ?? ""), mongodbParameters);
}
