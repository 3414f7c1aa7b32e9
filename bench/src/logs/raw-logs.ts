import { onMysql, onPostgresql } from "@jifen/testkit/processes";
import Driver from "better-sqlite3";
import type { Kind } from "../databases.ts";

/** Runs one statement without the code that is measured. Resolves to the first value of its first row. */
export async function askLogs(kind: Kind, url: string, sql: string): Promise<number> {
  const [row] = await rowsOf(kind, url, sql);
  return Number(Object.values(row ?? {})[0]);
}

async function rowsOf(kind: Kind, url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  switch (kind) {
    case "postgresql":
      return onPostgresql(url, async (client) => (await client.query(sql)).rows);
    case "mysql":
      return onMysql(url, (connection) => connection.query(sql));
    case "sqlite": {
      const connection = new Driver(url.slice("file:".length).replace(/\.db$/, "-logs.db"), { readonly: true });
      try {
        return connection.prepare<[], Record<string, unknown>>(sql).all();
      } finally {
        connection.close();
      }
    }
    case "mongodb":
      throw new Error("no statements of SQL");
    default:
      return kind satisfies never;
  }
}
