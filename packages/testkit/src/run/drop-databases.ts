import { onMongodb, withDatabase } from "../mongodb.ts";
import { onMysql } from "../mysql.ts";
import { onPostgresql } from "../postgres.ts";

/** Drops every database on the server behind `url` whose name begins with `prefix`, even while clients are connected. */
export async function dropDatabases(url: string, prefix: string): Promise<void> {
  if (url.startsWith("mongodb")) return dropOnMongodb(url, prefix);
  if (/^(mysql|mariadb):/.test(url)) return dropOnMysql(url, prefix);
  return dropOnPostgresql(url, prefix);
}

const dropOnPostgresql = (url: string, prefix: string): Promise<void> =>
  onPostgresql(url, async (client) => {
    const { rows } = await client.query("SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)", [
      prefix,
    ]);
    for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });

const dropOnMysql = (url: string, prefix: string): Promise<void> =>
  onMysql(url, async (connection) => {
    const rows: readonly { name: string }[] = await connection.query(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE LEFT(schema_name, ?) = ?",
      [prefix.length, prefix],
    );
    for (const { name } of rows) await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  });

const dropOnMongodb = (url: string, prefix: string): Promise<void> =>
  onMongodb(url, async (db) => {
    const { databases } = await db
      .admin()
      .listDatabases({ nameOnly: true, filter: { name: { $regex: `^${prefix}` } } });
    for (const { name } of databases) await onMongodb(withDatabase(url, name), (own) => own.dropDatabase());
  });
