import { onPostgresql } from "@jifen/testkit/processes";
import pg from "pg";
import { runCallers } from "../load/callers.ts";
import type { Speed } from "../report/results.ts";
import { baselineTables, insertStatement, takeStatement } from "./tables.ts";

/** A whole consume in one statement. */
export const consumeStatement = (account: string): string =>
  `WITH spent AS (${takeStatement(account)} RETURNING id, sequence, balance)
   ${insertStatement("spent", { key: "gen_random_uuid()::text", nowMs: "extract(epoch FROM clock_timestamp()) * 1000" })}`;

/** Creates the tables. As in Jifen, the rows of accounts have free space in their page. */
export const createTables = (url: string): Promise<unknown> =>
  onPostgresql(url, async (client) => {
    const [accounts, ...others] = baselineTables;
    for (const sql of [`${accounts} WITH (fillfactor = 50)`, ...others]) await client.query(sql);
  });

/** Sends the statement from this process by the `pg` driver: prepared, one connection, one at a time. */
export async function runPreparedStatement(url: string, seconds: number): Promise<Speed> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const statement = { name: "consume", text: consumeStatement("$1"), values: [1] };
    return await runCallers({ callers: 1, seconds }, async () => {
      const { rowCount } = await client.query(statement);
      if (rowCount !== 1) throw new Error("the statement consumed nothing");
      return "done";
    });
  } finally {
    await client.end();
  }
}
