import type pg from "pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { readUntilClosed, type WithSnapshot } from "../../stores/audit-reads.ts";

/** Replaces each `?` by `$1`, `$2`, … */
export function numbered(sql: string): string {
  let number = 0;
  return sql.replace(/\?/g, () => {
    number += 1;
    return `$${number}`;
  });
}

/** Runs snapshot reads in a read-only transaction, which sees the state at its begin. It takes no locks. */
export const createWithSnapshot =
  (pool: pg.Pool): WithSnapshot =>
  async (work) => {
    const client = await pool.connect().catch(afterConnectionLoss("nothing written"));
    const query = (text: string, values: readonly unknown[] = []) =>
      client.query(text, [...values]).catch(afterConnectionLoss("nothing written"));
    let isClosed = false;
    let failure: unknown;
    try {
      await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const result = await work(
        readUntilClosed(
          () => isClosed,
          async (sql, values) => (await query(numbered(sql), values)).rows,
        ),
      );
      await query("COMMIT");
      return result;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      isClosed = true;
      // After an error the connection may still be inside the transaction, so it is closed.
      client.release(failure instanceof Error ? failure : failure !== undefined);
    }
  };
