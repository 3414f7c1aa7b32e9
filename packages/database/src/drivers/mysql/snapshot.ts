import { afterConnectionLoss } from "../../errors/failure.ts";
import { readUntilClosed, type WithSnapshot } from "../../stores/audit-reads.ts";
import type { Pool } from "./pool.ts";

/** Runs snapshot reads in a read-only transaction, which sees the state at its begin. It takes no locks. */
export const createWithSnapshot =
  (pool: Pool): WithSnapshot =>
  async (work) => {
    const connection = await pool.getConnection().catch(afterConnectionLoss("nothing written"));
    const query = <Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
      connection.query<Row[]>(sql, [...values]).catch(afterConnectionLoss("nothing written"));
    let isClosed = false;
    try {
      await query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      await query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
      const result = await work(readUntilClosed(() => isClosed, query));
      await query("COMMIT");
      return result;
    } catch (error) {
      // After an error the connection may still be inside the transaction, so it is closed.
      connection.discard();
      throw error;
    } finally {
      isClosed = true;
      connection.release();
    }
  };

/** The distinct values of a column after a given one: the server skips from value to value in the index. */
const distinct = (column: string, table: string) =>
  `(SELECT DISTINCT ${column} AS id FROM ${table} WHERE ${column} > ? ORDER BY ${column} LIMIT ?)`;

const everywhere = [
  distinct("id", "accounts"),
  ...["transactions", "grants", "holds"].map((table) => distinct("account_id", table)),
];

/** SQL and values for the account ids after `from`. A recursive query, as on the other databases, is not supported here. */
export const accountIdsAfter = (from: string, limit: number) => ({
  sql: `SELECT id FROM (${everywhere.join(" UNION ")}) AS named ORDER BY id LIMIT ?`,
  values: [...everywhere.flatMap(() => [from, limit]), limit],
});
