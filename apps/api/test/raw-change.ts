import { DatabaseSync } from "node:sqlite";
import type { FreshDatabase } from "@jifen/testkit";
import pg from "pg";

/** Changes the database behind the server's back, as a careless hand would. */
export async function changeBehindItsBack({ url }: FreshDatabase, sql: string): Promise<void> {
  if (url.startsWith("file:")) {
    const database = new DatabaseSync(url.slice("file:".length));
    database.exec(sql);
    database.close();
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
