import { onMongodb, withDatabase } from "../mongodb.ts";
import { onMysql } from "../mysql.ts";
import { onPostgresql } from "../postgres.ts";

/**
 * Drops every database on the server behind `url` whose name begins with `prefix`, even while clients are connected.
 * @param prefix that of one run: `databasePrefixOf`
 */
export async function dropDatabases(url: string, prefix: string): Promise<void> {
  if (url.startsWith("mongodb")) return dropOnMongodb(url, prefix);
  if (/^(mysql|mariadb):/.test(url)) return dropOnMysql(url, prefix);
  return dropOnPostgresql(url, prefix);
}

const dropOnPostgresql = (url: string, prefix: string): Promise<void> =>
  onPostgresql(url, async (client) => {
    const { rows } = await client.query<Row>("SELECT datname AS name FROM pg_database");
    for (const name of namesIn(rows, prefix)) {
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    }
  });

const dropOnMysql = (url: string, prefix: string): Promise<void> =>
  onMysql(url, async (connection) => {
    const rows: readonly Row[] = await connection.query("SELECT schema_name AS name FROM information_schema.schemata");
    for (const name of namesIn(rows, prefix)) {
      await connection.query(`DROP DATABASE IF EXISTS ${connection.escapeId(name)}`);
    }
  });

const dropOnMongodb = (url: string, prefix: string): Promise<void> =>
  onMongodb(url, async (db) => {
    const { databases } = await db.admin().listDatabases({ nameOnly: true });
    for (const name of namesIn(databases, prefix)) {
      await onMongodb(withDatabase(url, name), (own) => own.dropDatabase());
    }
  });

type Row = { readonly name: string };

/** Compared here: how a server compares depends on its settings, and some of them ignore case. */
const namesIn = (rows: readonly Row[], prefix: string): readonly string[] =>
  rows.map(({ name }) => name).filter((name) => name.startsWith(prefix));
