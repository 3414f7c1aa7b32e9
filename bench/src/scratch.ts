import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import pg from "pg";

/** A database of one's own, gone after the run. */
export type Scratch = {
  readonly kind: "sqlite" | "postgresql";
  readonly url: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
};

/** On the disk of the repository: a temporary folder may be in memory, where COMMIT waits for nothing. */
const dataFolder = fileURLToPath(new URL("../../data/", import.meta.url));

/** An SQLite file. */
export function scratchFile(): Scratch {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(dataFolder, "bench-"));
  const file = join(folder, "jifen.db");
  const query = async (sql: string) => {
    const connection = new DatabaseSync(file, { timeout: 5_000 });
    try {
      return connection.prepare(sql).all();
    } finally {
      connection.close();
    }
  };
  return {
    kind: "sqlite",
    url: `file:${file}`,
    query,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A new database on the PostgreSQL server behind `serverUrl`. */
export async function scratchPostgresql(serverUrl: string, name: string): Promise<Scratch> {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await queryPostgresql(serverUrl, `CREATE DATABASE ${name}`);
  return {
    kind: "postgresql",
    url: url.href,
    query: (sql) => queryPostgresql(url.href, sql),
    drop: async () => {
      await queryPostgresql(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function queryPostgresql(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
