/** The supported databases. MariaDB counts as `mysql`. */
export type DatabaseKind = "sqlite" | "postgresql" | "mysql" | "mongodb";

/** The database that a URL names. */
export type DatabaseTarget = {
  readonly kind: DatabaseKind;
  /** The path of the file for SQLite, the URL of the server for the others. */
  readonly location: string;
};

/** The URL names an unsupported database or is malformed. The message names the supported ones and never repeats the URL. */
export class UnsupportedDatabaseUrl extends Error {
  override name = "UnsupportedDatabaseUrl";
}

const kindsByScheme: ReadonlyMap<string, DatabaseKind> = new Map([
  ["postgresql", "postgresql"],
  ["postgres", "postgresql"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
  ["mongodb", "mongodb"],
  ["mongodb+srv", "mongodb"],
]);

/** Reads the kind of database from the scheme of the URL. @throws UnsupportedDatabaseUrl */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "file") return { kind: "sqlite", location: fileOf(url) };
  const kind = scheme === undefined ? undefined : kindsByScheme.get(scheme);
  if (kind === undefined) {
    throw new UnsupportedDatabaseUrl(
      `must begin with file:, postgresql://, mysql:// or mongodb://${scheme ? `, not ${scheme}:` : ""}; leave it out for the embedded database`,
    );
  }
  if (kind === "mongodb") return { kind, location: withDatabaseName(url) };
  if (!URL.canParse(url)) {
    throw new UnsupportedDatabaseUrl("is not a valid URL (special characters in the password must be percent-encoded)");
  }
  if (kind === "mysql" && new URL(url).pathname.length < 2) {
    throw new UnsupportedDatabaseUrl("must name a database, such as mysql://user:password@localhost:3306/jifen");
  }
  return { kind, location: url };
}

function fileOf(url: string): string {
  const file = url.replace(/^file:(\/\/(?=\/))?/i, "");
  if (file === "" || file === ":memory:")
    throw new UnsupportedDatabaseUrl("must name a file, such as file:./data/jifen.db");
  return file;
}

/** A URL of MongoDB can list several hosts, so the URL class cannot parse it. */
function withDatabaseName(url: string): string {
  if (!/^mongodb(\+srv)?:\/\/[^/?#]+\/[^/?#]+(\?[^#]*)?$/i.test(url))
    throw new UnsupportedDatabaseUrl(
      "must name hosts and a database, such as mongodb://user:password@host-1,host-2/jifen?replicaSet=rs0 (special characters in the password must be percent-encoded)",
    );
  return url;
}
