import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { onMongodb, withDatabase } from "./mongodb.ts";
import { onMysql } from "./mysql.ts";
import { onPostgresql } from "./postgres.ts";
import { databasePrefix } from "./run/run-folder.ts";

/** An empty database for one test. */
export type FreshDatabase = {
  readonly url: string;
  /** The address for the second of two processes; `url`, unless the run has two addresses of the server. */
  readonly secondUrl: string;
  /** Removes it, even while clients are still connected. */
  drop(): Promise<void>;
};

/** Makes an empty SQLite database in a temporary folder. */
export function createFile(): FreshDatabase {
  const folder = mkdtempSync(join(tmpdir(), "jifen-sqlite-"));
  const url = `file:${join(folder, "jifen.db")}`;
  return { url, secondUrl: url, drop: async () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Makes an empty database on the PostgreSQL, MySQL, MariaDB or MongoDB server behind `serverUrl`.
 * @param secondServerUrl another address of the same server or cluster
 * @param template the database of PostgreSQL to copy
 * @throws Error when the database is not visible there
 */
export async function createDatabase(
  serverUrl: string,
  secondServerUrl = serverUrl,
  template = "template0",
): Promise<FreshDatabase> {
  const name = `${databasePrefix()}${randomBytes(8).toString("hex")}`;
  const drop = await create(serverUrl, name, template);
  const secondUrl = databaseAt(secondServerUrl, name);
  if (secondServerUrl !== serverUrl) {
    await untilVisible(secondUrl).catch(async (error: unknown) => {
      await drop();
      throw error;
    });
  }
  return { url: databaseAt(serverUrl, name), secondUrl, drop };
}

const isMongodb = (url: string) => url.startsWith("mongodb");
const isMysql = (url: string) => /^(mysql|mariadb):/.test(url);

/** The URL of a database on the server behind `serverUrl`. */
export const databaseAt = (serverUrl: string, name: string): string =>
  isMongodb(serverUrl)
    ? withDatabase(serverUrl, name)
    : Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;

/** @returns a function that drops the database. */
async function create(serverUrl: string, name: string, template: string): Promise<FreshDatabase["drop"]> {
  // MongoDB makes a database with its first document.
  if (isMongodb(serverUrl)) {
    return () => onMongodb(databaseAt(serverUrl, name), async (db) => void (await db.dropDatabase()));
  }
  if (isMysql(serverUrl)) {
    await onMysql(serverUrl, (connection) => connection.query(`CREATE DATABASE ${name}`));
    return () => onMysql(serverUrl, (connection) => connection.query(`DROP DATABASE IF EXISTS ${name}`));
  }
  // No client is connected to the template, so several databases can be made from it concurrently.
  await onPostgresql(serverUrl, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${template} ENCODING 'UTF8'`),
  );
  const drop = `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
  return async () => void (await onPostgresql(serverUrl, (client) => client.query(drop)));
}

/** Resolves when the database behind `url` can be used. */
async function untilVisible(url: string): Promise<void> {
  if (isMongodb(url)) return;
  const connect = () => (isMysql(url) ? onMysql(url, async () => undefined) : onPostgresql(url, async () => undefined));
  await eventually(connect);
}
