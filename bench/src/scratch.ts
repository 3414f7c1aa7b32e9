import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type Connection, createConnection } from "mariadb";
import pg from "pg";

/** A database of one's own, gone after the run. */
export type Scratch = {
  readonly kind: "sqlite" | "postgresql" | "mysql";
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

/** A new database on the MySQL or MariaDB behind `serverUrl`. */
export async function scratchMysql(serverUrl: string, name: string): Promise<Scratch> {
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  await onMysql(serverUrl, (connection) => connection.query(`CREATE DATABASE ${name}`));
  return {
    kind: "mysql",
    url,
    query: (sql) =>
      onMysql(url, async (connection) => {
        // What the others do without being told.
        await connection.query(
          "SET SESSION sql_mode = 'PIPES_AS_CONCAT' /*M! , max_recursive_iterations = 1000000 */ /*!80000 , cte_max_recursion_depth = 1000000 */",
        );
        const rows: unknown = await connection.query(sql);
        return Array.isArray(rows) ? rows : [];
      }),
    drop: () => onMysql(serverUrl, (connection) => connection.query(`DROP DATABASE IF EXISTS ${name}`)),
  };
}

/** Works on a connection of its own to the MySQL or MariaDB behind `url`. */
export async function onMysql<Result>(url: string, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const connection = await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(pathname.length > 1 ? { database: pathname.slice(1) } : {}),
    connectTimeout: 5_000,
  });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
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
