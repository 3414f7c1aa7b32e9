import { DatabaseSync } from "node:sqlite";
import { connectToMysql } from "@jifen/testkit/processes";
import pg from "pg";
import { isMysql } from "../scratch.ts";
import type { Row } from "./rows.ts";

/** One connection to an SQL database. */
export type Sql = AsyncDisposable & {
  query(sql: string): Promise<readonly Row[]>;
  /** Begins a read transaction on one snapshot. */
  readonly beginReading: string;
  /** The database's clock, epoch milliseconds. */
  nowMs(): Promise<number>;
};

/** Opens one connection to the database behind `url`. */
export async function openSql(url: string): Promise<Sql> {
  if (url.startsWith("file:")) return openFile(url.slice("file:".length));
  return isMysql(url) ? openMysql(url) : openPostgresql(url);
}

function openFile(path: string): Sql {
  const connection = new DatabaseSync(path, { timeout: 10_000 });
  return {
    query: async (sql) => connection.prepare(sql).all() as Row[],
    beginReading: "BEGIN",
    // SQLite uses the clock of this process.
    nowMs: async () => Date.now(),
    [Symbol.asyncDispose]: async () => connection.close(),
  };
}

async function openMysql(url: string): Promise<Sql> {
  const connection = await connectToMysql(url);
  const query = async (sql: string): Promise<readonly Row[]> => {
    const rows: unknown = await connection.query(sql);
    return Array.isArray(rows) ? rows : [];
  };
  return {
    query,
    beginReading:
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    nowMs: async () => clockOf(await query("SELECT FLOOR(UNIX_TIMESTAMP(SYSDATE(6)) * 1000) AS now_ms")),
    [Symbol.asyncDispose]: () => connection.end(),
  };
}

const clockOf = ([row]: readonly Row[]): number => Number(row?.["now_ms"]);

async function openPostgresql(url: string): Promise<Sql> {
  const wholeNumbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);
  const types: pg.CustomTypesConfig = {
    getTypeParser: (id: number, format?: "text" | "binary") =>
      wholeNumbers.has(id) ? Number : pg.types.getTypeParser(id, format as "text"),
  };
  const client = new pg.Client({ connectionString: url, types });
  // Tests can terminate the server side of the connection.
  client.on("error", () => undefined);
  await client.connect();
  const query = async (sql: string): Promise<readonly Row[]> => (await client.query<Row>(sql)).rows;
  return {
    query,
    nowMs: async () =>
      clockOf(await query("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms")),
    beginReading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [Symbol.asyncDispose]: () => client.end(),
  };
}
