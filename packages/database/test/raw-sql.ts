import { existsSync } from "node:fs";
import { connectToMysql } from "@jifen/testkit";
import Driver from "better-sqlite3";
import pg from "pg";

/** A row by column names, with whole numbers as numbers. */
type Row = Readonly<Record<string, unknown>>;

/** SQL on a database without the code under test. */
export type RawSql = {
  query(sql: string): Promise<Row[]>;
  close(): Promise<void>;
};

/** Opens one connection to the database behind `url`. */
export async function openRawSql(url: string): Promise<RawSql> {
  if (url.startsWith("file:")) return openFile(url.slice("file:".length));
  return /^(mysql|mariadb):/.test(url) ? openMysql(url) : openPostgresql(url);
}

/** The file of the logs beside a database file. */
export const logFileOf = (path: string): string => path.replace(/(\.\w+)?$/, "-logs$1");

/** The tables of both files have different names; those of the logs are there if their file is. */
function openFile(path: string): RawSql {
  const connection = new Driver(path);
  connection.pragma("foreign_keys = ON");
  if (existsSync(logFileOf(path))) connection.prepare("ATTACH ? AS log_file").run(logFileOf(path));
  return {
    query: async (sql) => {
      const statement = connection.prepare<[], Row>(sql);
      if (statement.reader) return statement.all();
      statement.run();
      return [];
    },
    close: async () => void connection.close(),
  };
}

async function openPostgresql(url: string): Promise<RawSql> {
  const int8 = pg.types.builtins.INT8;
  const types: pg.CustomTypesConfig = {
    getTypeParser: (id: number, format?: "text" | "binary") =>
      id === int8 ? Number : pg.types.getTypeParser(id, format as "text"),
  };
  const client = new pg.Client({ connectionString: url, types });
  // A test can end the connection on the server.
  client.on("error", () => undefined);
  await client.connect();
  return { query: async (sql) => (await client.query<Row>(sql)).rows, close: () => client.end() };
}

async function openMysql(url: string): Promise<RawSql> {
  const connection = await connectToMysql(url);
  return {
    query: async (sql) => {
      const rows: unknown = await connection.query(sql);
      return Array.isArray(rows) ? (rows as Row[]) : [];
    },
    close: () => connection.end(),
  };
}
