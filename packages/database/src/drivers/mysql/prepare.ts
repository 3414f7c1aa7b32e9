import type { Connection } from "mariadb";
import { afterConnectionLoss } from "../../errors/failure.ts";
import type { Inspection } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrate.ts";
import { checkSchema, type MigrationMode } from "../../schema/schema-state.ts";
import { openConnection } from "./connection.ts";
import { checkDurability, unsafeSettings } from "./durability.ts";
import { migrateMysql, mysqlSchema } from "./migrate.ts";
import { readOptions } from "./options.ts";

type Work<Result> = (connection: Connection, database: string) => Promise<Result>;

/** Runs `work` on a connection of its own, whose statements may take as long as they need. @throws DatabaseUnavailable */
async function onConnection<Result>(url: string, work: Work<Result>): Promise<Result> {
  const options = readOptions(url);
  const connection = await openConnection(options).catch((error: unknown) =>
    afterConnectionLoss("nothing written")(Object.assign(error as Error, { syscall: "connect" })),
  );
  try {
    await connection.query(
      "SET SESSION lock_wait_timeout = 60, wait_timeout = 600 /*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */",
    );
    return await work(connection, options.database ?? "");
  } finally {
    await connection.end().catch(() => undefined);
  }
}

/**
 * Checks that acknowledged writes are on disk, then brings the tables up to date or looks whether they are.
 * @throws UnsafeDatabaseSettings, MigrationFailed, SchemaTooNew, SchemaTooOld, DatabaseUnavailable
 */
export const prepareMysql = (url: string, mode: MigrationMode): Promise<void> =>
  onConnection(url, async (connection, database) => {
    await checkDurability(connection);
    if (mode === "migrate") await migrateMysql(connection, database);
    else checkSchema(await mysqlSchema(connection, database), mode);
  });

/** Brings the tables up to date. @throws as `prepareMysql` */
export const migrateMysqlDatabase = (url: string): Promise<Migrated> =>
  onConnection(url, async (connection, database) => {
    await checkDurability(connection);
    return migrateMysql(connection, database);
  });

/** What can be said of the server and the tables. @throws DatabaseUnavailable */
export const inspectMysql = (url: string): Promise<Inspection> =>
  onConnection(url, async (connection, database) => {
    const schema = await mysqlSchema(connection, database);
    const before = Date.now();
    const [row] = await connection.query<{ version: string; now_ms: number }[]>(
      "SELECT VERSION() AS version, CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS SIGNED) AS now_ms",
    );
    const half = (Date.now() - before) / 2;
    return {
      kind: "mysql",
      version: row?.version ?? "",
      schema,
      clockAheadMs: Math.round((row?.now_ms ?? 0) - before - half),
      unsafe: await unsafeSettings(connection),
    };
  });
