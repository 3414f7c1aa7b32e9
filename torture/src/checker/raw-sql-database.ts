import type { RawDatabase } from "./raw-database.ts";
import { toRows } from "./rows.ts";
import { openSql } from "./sql.ts";

/** A prefix condition that an index can answer, because ids compare byte by byte. */
const startingWith = (column: string, prefix: string): string => {
  const next = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return `WHERE ${column} >= '${prefix}' AND ${column} < '${next}'`;
};

/** Direct access by SQL. */
export async function openRawSqlDatabase(url: string): Promise<RawDatabase> {
  const sql = await openSql(url);
  const { query } = sql;
  return {
    read: async (prefix) => {
      const of = (column: string) => startingWith(column, prefix);
      await query(sql.beginReading);
      const accounts = await query(`SELECT * FROM accounts ${of("id")}`);
      const grants = await query(`SELECT * FROM grants ${of("account_id")}`);
      const holds = await query(`SELECT * FROM holds ${of("account_id")}`);
      const journal = await query(`SELECT * FROM transactions ${of("account_id")} ORDER BY account_id, sequence`);
      await query("COMMIT");
      return toRows({ accounts, grants, holds, journal });
    },
    readExtraRows: async (prefix) => {
      const rows = await query(`SELECT id, actor, subject FROM audit_events ${startingWith("actor", prefix)}`);
      return rows.map((row) => ({
        ...{ id: String(row["id"]), account: String(row["actor"]), entryId: String(row["subject"]) },
      }));
    },
    readStaffEvents: async (prefix) => {
      const columns = "id, actor, subject, request_id";
      const of = `${startingWith("subject", prefix)} AND action LIKE 'credits.%'`;
      const rows = await query(`SELECT ${columns} FROM audit_events ${of}`);
      return rows.map((row) => ({
        ...{ id: String(row["id"]), actor: String(row["actor"]), subject: String(row["subject"]) },
        requestId: row["request_id"] === null ? null : String(row["request_id"]),
      }));
    },
    shiftTimes: async (prefix, byMs) => {
      const of = (column: string) => startingWith(column, prefix);
      await query(`UPDATE accounts SET next_due_ms = next_due_ms - ${byMs} ${of("id")} AND next_due_ms IS NOT NULL`);
      const grants = `created_at_ms = created_at_ms - ${byMs}, expires_at_ms = expires_at_ms - ${byMs}`;
      await query(`UPDATE grants SET ${grants} ${of("account_id")}`);
      const holds = `${grants}, resolved_at_ms = resolved_at_ms - ${byMs}`;
      await query(`UPDATE holds SET ${holds} ${of("account_id")}`);
    },
    addUsers: async (emails, passwordHash) => {
      for (const email of emails) {
        await query(
          `INSERT INTO users (id, email, name, password_hash, created_at_ms)
           VALUES ('${email}', '${email}', 'Test user', '${passwordHash}', 0)`,
        );
      }
    },
    nowMs: sql.nowMs,
    [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose](),
  };
}
