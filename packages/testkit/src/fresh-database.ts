import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, inject } from "vitest";
import { freshMongodb } from "./mongodb.ts";
import { onMysql } from "./mysql.ts";

/** Every database that Jifen runs on. */
export const databaseKinds = ["sqlite", "postgresql", "mysql", "mongodb"] as const;

/** One of them. */
export type DatabaseKind = (typeof databaseKinds)[number];

/** Those that speak SQL. */
export const sqlKinds = databaseKinds.filter((kind) => kind !== "mongodb");

/** An empty database of one's own. */
export type FreshDatabase = {
  readonly url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
};

/** `describe` for tests on one database: skipped where that cannot be had (the run says so at its start). */
export const describeOn = (kind: DatabaseKind): ReturnType<typeof describe.skipIf> =>
  describe.skipIf(kind !== "sqlite" && !inject(`${kind}Url`));

/** Makes an empty database: a temporary file, or a new database on the server of this run. */
export async function freshDatabase(kind: DatabaseKind): Promise<FreshDatabase> {
  switch (kind) {
    case "sqlite":
      return freshFile();
    case "postgresql":
      return freshPostgresql(inject("postgresqlUrl"));
    case "mysql":
      return freshMysql(inject("mysqlUrl"));
    case "mongodb":
      return freshMongodb(inject("mongodbUrl"));
    default:
      return kind satisfies never;
  }
}

function freshFile(): FreshDatabase {
  const folder = mkdtempSync(join(tmpdir(), "jifen-sqlite-"));
  return {
    url: `file:${join(folder, "jifen.db")}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function freshPostgresql(serverUrl: string): Promise<FreshDatabase> {
  const name = `jifen_test_${randomBytes(8).toString("hex")}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  // template0 is never connected to, so that databases can be made at the same time.
  await execute(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  return { url: url.href, drop: () => execute(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Whatever its own collation is: the tables have theirs. */
async function freshMysql(serverUrl: string): Promise<FreshDatabase> {
  const name = `jifen_test_${randomBytes(8).toString("hex")}`;
  await onMysql(serverUrl, (connection) => connection.query(`CREATE DATABASE ${name}`));
  return {
    url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href,
    drop: () => onMysql(serverUrl, (connection) => connection.query(`DROP DATABASE IF EXISTS ${name}`)),
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
