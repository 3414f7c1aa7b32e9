import { onMysql } from "@jifen/testkit/processes";
import Driver from "better-sqlite3";
import pg from "pg";
import type { Kind } from "../databases.ts";

type RawRow = Readonly<Record<string, unknown>>;

/** A connection to a database, without the code that is measured. */
export type RawLogs = {
  /** Runs one statement. */
  rows(sql: string): Promise<readonly RawRow[]>;
  /** The first value of the first row. */
  ask(sql: string): Promise<number>;
  close(): Promise<void>;
};

/** The kinds of databases that understand SQL. */
export type SqlKind = Exclude<Kind, "mongodb">;

/** The file of the logs, which is beside that of the ledger. */
export const logFileOf = (url: string): string => url.slice("file:".length).replace(/\.db$/, "-logs.db");

/** Opens a connection to the logs with the default settings of its driver. */
export const openRawLogs = (kind: SqlKind, url: string): Promise<RawLogs> =>
  openRaw(kind, kind === "sqlite" ? logFileOf(url) : url);

/** Opens a connection to the other tables. */
export const openRawDatabase = (kind: SqlKind, url: string): Promise<RawLogs> =>
  openRaw(kind, kind === "sqlite" ? url.slice("file:".length) : url);

/** @param target a URL, or the path of a file */
async function openRaw(kind: SqlKind, target: string): Promise<RawLogs> {
  const { rows, close } = await open(kind, target);
  return { rows, close, ask: async (sql) => Number(Object.values((await rows(sql))[0] ?? {})[0]) };
}

async function open(kind: SqlKind, target: string): Promise<Pick<RawLogs, "rows" | "close">> {
  switch (kind) {
    case "postgresql": {
      const client = new pg.Client({ connectionString: target });
      await client.connect();
      return { rows: async (sql) => (await client.query<RawRow>(sql)).rows, close: () => client.end() };
    }
    case "mysql":
      return { rows: (sql) => onMysql(target, (connection) => connection.query(sql)), close: async () => undefined };
    case "sqlite": {
      const connection = new Driver(target);
      const rows = async (sql: string) => {
        const statement = connection.prepare<[], RawRow>(sql);
        if (statement.reader) return statement.all();
        statement.run();
        return [];
      };
      return { rows, close: async () => void connection.close() };
    }
    default:
      return kind satisfies never;
  }
}
