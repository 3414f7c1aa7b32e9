import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onMongodb, withDatabase } from "./mongodb.ts";
import { onMysql } from "./mysql.ts";
import { onPostgresql } from "./postgres.ts";

/** An empty database for one test. */
export type FreshDatabase = {
  readonly url: string;
  /** Removes it, even while clients are still connected. */
  drop(): Promise<void>;
};

/** Makes an empty SQLite database in a temporary folder. */
export function createFile(): FreshDatabase {
  const folder = mkdtempSync(join(tmpdir(), "jifen-sqlite-"));
  return {
    url: `file:${join(folder, "jifen.db")}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes an empty database on the PostgreSQL, MySQL, MariaDB or MongoDB server behind `serverUrl`. */
export async function createDatabase(serverUrl: string): Promise<FreshDatabase> {
  const name = `jifen_test_${randomBytes(8).toString("hex")}`;
  if (serverUrl.startsWith("mongodb")) {
    const url = withDatabase(serverUrl, name);
    return { url, drop: () => onMongodb(url, async (db) => void (await db.dropDatabase())) };
  }
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  if (/^(mysql|mariadb):/.test(serverUrl)) {
    await onMysql(serverUrl, (connection) => connection.query(`CREATE DATABASE ${name}`));
    return { url, drop: () => onMysql(serverUrl, (connection) => connection.query(`DROP DATABASE IF EXISTS ${name}`)) };
  }
  // No client ever connects to template0, so several databases can be made from it concurrently.
  await onPostgresql(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`));
  const drop = `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
  return { url, drop: async () => void (await onPostgresql(serverUrl, (client) => client.query(drop))) };
}
