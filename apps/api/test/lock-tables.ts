import { setTimeout as sleep } from "node:timers/promises";
import { onMysql } from "@jifen/testkit";
import pg from "pg";

/** Locks tables of a database for a while, so that every statement about them waits and keeps its connection. */
export const lockTables = {
  postgresql: async (url: string, tables: readonly string[], ms: number) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("BEGIN");
    await client.query(`LOCK TABLE ${tables.join(", ")} IN ACCESS EXCLUSIVE MODE`);
    await sleep(ms);
    await client.query("COMMIT");
    await client.end();
  },
  mysql: (url: string, tables: readonly string[], ms: number) =>
    onMysql(url, async (connection) => {
      await connection.query(`LOCK TABLES ${tables.map((table) => `${table} WRITE`).join(", ")}`);
      await sleep(ms);
      await connection.query("UNLOCK TABLES");
    }),
} as const;
