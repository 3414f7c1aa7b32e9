import type pg from "pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { type AsOfOneMoment, until } from "../../stores/audit-reads.ts";

/** `?` becomes `$1`, `$2`, … */
export function numbered(sql: string): string {
  let number = 0;
  return sql.replace(/\?/g, () => {
    number += 1;
    return `$${number}`;
  });
}

/** A transaction that only reads, and sees what was committed when it began; it waits for nobody, and nobody for it. */
export const createWithSnapshot =
  (pool: pg.Pool): AsOfOneMoment =>
  async (work) => {
    const client = await pool.connect().catch(afterConnectionLoss("nothing written"));
    const query = (text: string, values: readonly unknown[] = []) =>
      client.query(text, [...values]).catch(afterConnectionLoss("nothing written"));
    let isOver = false;
    let failure: unknown;
    try {
      await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const result = await work(
        until(
          () => isOver,
          async (sql, values) => (await query(numbered(sql), values)).rows,
        ),
      );
      await query("COMMIT");
      return result;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      isOver = true;
      // Whatever went wrong, the connection may still be in the middle of it.
      client.release(failure instanceof Error ? failure : failure !== undefined);
    }
  };
