import { parseDatabaseUrl } from "@jifen/database";

/** Where the data lies, for people: the path of the file, or the server and its database, without user and password. */
export function dataPlace(databaseUrl: string): string {
  const { kind, location } = parseDatabaseUrl(databaseUrl);
  if (kind === "sqlite") return location;
  const [address = ""] = location.split("?");
  return address.replace(/^[^:]+:\/\/(?:.*@)?/s, "");
}
