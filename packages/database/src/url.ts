/** Where a database URL leads. */
export type DatabaseTarget =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgresql"; readonly url: string }
  | { readonly kind: "mysql"; readonly url: string }
  | { readonly kind: "mongodb"; readonly url: string };

/** The URL names a database that cannot be used. The message says which can, and never repeats the URL. */
export class UnsupportedDatabaseUrl extends Error {
  override name = "UnsupportedDatabaseUrl";
}

const servers: ReadonlyMap<string, "postgresql" | "mysql" | "mongodb"> = new Map([
  ["postgresql", "postgresql"],
  ["postgres", "postgresql"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
  ["mongodb", "mongodb"],
  ["mongodb+srv", "mongodb"],
]);

/** @throws UnsupportedDatabaseUrl */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "file") return { kind: "sqlite", file: fileOf(url) };
  const kind = scheme === undefined ? undefined : servers.get(scheme);
  if (kind === undefined) {
    throw new UnsupportedDatabaseUrl(
      `must begin with file:, postgresql://, mysql:// or mongodb://${scheme ? `, not ${scheme}:` : ""}; leave it out for the embedded database`,
    );
  }
  if (kind === "mongodb") return { kind, url: withDatabaseName(url) };
  if (!URL.canParse(url)) {
    throw new UnsupportedDatabaseUrl("is not a valid URL (special characters in the password must be percent-encoded)");
  }
  if (kind === "mysql" && new URL(url).pathname.length < 2) {
    throw new UnsupportedDatabaseUrl("must name a database, such as mysql://user:password@localhost:3306/jifen");
  }
  return { kind, url };
}

function fileOf(url: string): string {
  const file = url.replace(/^file:(\/\/(?=\/))?/i, "");
  if (file === "" || file === ":memory:")
    throw new UnsupportedDatabaseUrl("must name a file, such as file:./data/jifen.db");
  return file;
}

/** Several hosts may stand in it, which no other kind of URL allows. */
function withDatabaseName(url: string): string {
  if (!/^mongodb(\+srv)?:\/\/[^/?#]+\/[^/?#]+(\?[^#]*)?$/i.test(url))
    throw new UnsupportedDatabaseUrl(
      "must name hosts and a database, such as mongodb://user:password@host-1,host-2/jifen?replicaSet=rs0 (special characters in the password must be percent-encoded)",
    );
  return url;
}
