import { migrate } from "../migrate.ts";
import type { Connection } from "./connection.ts";

/** Migrates under the file's write lock: a second process waits, then finds nothing to do. */
export async function migrateSqlite(connection: Connection): Promise<void> {
  connection.exec("BEGIN IMMEDIATE");
  try {
    await migrate("sqlite", {
      driver: "sqlite3",
      query: async (sql) => {
        const statement = connection.prepare(sql);
        if (statement.reader) return { rows: statement.all() };
        statement.run();
        return { rows: [] };
      },
      script: async (sql) => {
        connection.exec(sql);
      },
    });
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}
