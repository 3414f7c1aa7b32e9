import { cpSync, existsSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "mariadb";
import type pg from "pg";
import { createDatabase, createFile, databaseAt, type FreshDatabase } from "./create-database.ts";
import { onMysql } from "./mysql.ts";
import { onPostgresql } from "./postgres.ts";

/** Creates the tables of a database. */
export type Migrate = (url: string) => Promise<unknown>;

/** The databases of a run from which others are copied. The first test that needs one makes it, and others wait for it. */
export type Template = {
  /** The name of the databases, which begins as that of any database of a test. */
  readonly name: string;
  readonly migrate: Migrate;
};

const folderOf = (name: string): string => join(tmpdir(), name);
const folderOfFile = ({ url }: FreshDatabase): string => dirname(url.slice("file:".length));

/** Copies the template of SQLite. */
export async function copyFile({ name, migrate }: Template): Promise<FreshDatabase> {
  const [folder, lock] = [folderOf(name), `${folderOf(name)}.lock`];
  for (; !existsSync(folder); await sleep(20)) {
    if (!isMade(lock)) continue;
    try {
      if (existsSync(folder)) break;
      const made = createFile();
      await migrate(made.url);
      renameSync(folderOfFile(made), folder);
    } finally {
      rmdirSync(lock);
    }
  }
  const copy = createFile();
  cpSync(folder, folderOfFile(copy), { recursive: true });
  return copy;
}

/** Makes a folder. @returns false when there is one */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Copies the template on a PostgreSQL server. */
export async function copyOnPostgresql(serverUrl: string, { name, migrate }: Template): Promise<FreshDatabase> {
  await onPostgresql(serverUrl, async (client) => {
    if (await existsOnPostgresql(client, name)) return;
    // The lock ends with the connection.
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [name]);
    if (await existsOnPostgresql(client, name)) return;
    const made = await createDatabase(serverUrl);
    await migrate(made.url);
    await client.query(`ALTER DATABASE ${nameOf(made)} RENAME TO ${name}`);
  });
  return createDatabase(serverUrl, undefined, name);
}

const nameOf = ({ url }: FreshDatabase): string => new URL(url).pathname.slice(1);

const existsOnPostgresql = async (client: pg.Client, name: string): Promise<boolean> =>
  (await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name])).rows.length > 0;

/** Copies the template on a MySQL or MariaDB server, which cannot copy a database: its tables, rows and triggers. */
export async function copyOnMysql(serverUrl: string, { name, migrate }: Template): Promise<FreshDatabase> {
  await onMysql(serverUrl, async (connection) => {
    // The lock ends with the connection: when the template is complete.
    await connection.query("SELECT GET_LOCK(?, 120)", [name]);
    const found = await connection.query("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", [name]);
    if (found.length > 0) return;
    await connection.query(`CREATE DATABASE ${name}`);
    await migrate(databaseAt(serverUrl, name));
  });
  const statements = await onMysql(databaseAt(serverUrl, name), (connection) => readStatements(connection, name));
  const copy = await createDatabase(serverUrl);
  await onMysql(copy.url, async (connection) => {
    for (const statement of statements) await connection.query(statement);
  });
  return copy;
}

/** The statements that make what is in a database. */
async function readStatements(connection: Connection, name: string): Promise<readonly string[]> {
  const column = async (sql: string, index: number): Promise<string[]> =>
    (await connection.query(sql)).map((row: object) => String(Object.values(row)[index]));
  const tables = await column("SHOW TABLES", 0);
  const statements = [];
  for (const table of tables) {
    statements.push(...(await column(`SHOW CREATE TABLE ${table}`, 1)));
    const [row] = await connection.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (row !== undefined) statements.push(`INSERT INTO ${table} SELECT * FROM ${name}.${table}`);
  }
  for (const trigger of await column("SHOW TRIGGERS", 0)) {
    statements.push(...(await column(`SHOW CREATE TRIGGER ${trigger}`, 2)));
  }
  return statements;
}
