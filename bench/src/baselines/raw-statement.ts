import pg from "pg";
import { callersAtWork } from "../load/callers.ts";
import type { Speed } from "../report/measurement.ts";
import type { Pgbench } from "./pgbench.ts";
import { consumeStatement } from "./statement.ts";

/** Sends pgbench's statement from this process by the `pg` driver, prepared, over one connection as in DATABASE_URL, alone. */
export async function runRawStatement({ scratch, counted }: Pgbench, seconds: number): Promise<Speed> {
  const client = new pg.Client({ connectionString: scratch.url });
  await client.connect();
  try {
    const statement = { name: "consume", text: consumeStatement("$1"), values: [1] };
    const work = await callersAtWork({ callers: 1, seconds }, async () => {
      const { rowCount } = await client.query(statement);
      if (rowCount !== 1) throw new Error("the statement consumed nothing");
      return "done";
    });
    counted(work.done);
    return work;
  } finally {
    await client.end();
  }
}
