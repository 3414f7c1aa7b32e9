import { afterConnectionLoss } from "../../errors/failure.ts";
import { type AsOfOneMoment, until } from "../../stores/audit-reads.ts";
import type { Pool } from "./pool.ts";

/** A transaction that only reads, and sees what was committed when it began; it waits for nobody, and nobody for it. */
export const createWithSnapshot =
  (pool: Pool): AsOfOneMoment =>
  async (work) => {
    const lent = await pool.getConnection().catch(afterConnectionLoss("nothing written"));
    const query = <Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
      lent.query<Row[]>(sql, [...values]).catch(afterConnectionLoss("nothing written"));
    let isOver = false;
    try {
      await query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      await query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
      const result = await work(until(() => isOver, query));
      await query("COMMIT");
      return result;
    } catch (error) {
      // Whatever went wrong, the connection may still be in the middle of it.
      lent.discard();
      throw error;
    } finally {
      isOver = true;
      lent.release();
    }
  };

/** Ids that a column holds after one, each once: from one to the next by the index that begins with them. */
const distinct = (column: string, table: string) =>
  `(SELECT DISTINCT ${column} AS id FROM ${table} WHERE ${column} > ? ORDER BY ${column} LIMIT ?)`;

const everywhere = [
  distinct("id", "accounts"),
  ...["transactions", "grants", "holds"].map((table) => distinct("account_id", table)),
];

/** The ids of accounts after one, as SQL and its values: a recursive query, as others have it, may not look back so far here. */
export const accountIdsAfter = (from: string, limit: number) => ({
  sql: `SELECT id FROM (${everywhere.join(" UNION ")}) AS named ORDER BY id LIMIT ?`,
  values: [...everywhere.flatMap(() => [from, limit]), limit],
});
