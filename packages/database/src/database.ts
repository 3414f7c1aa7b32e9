import { driverFor } from "./drivers/driver-for.ts";
import type { Inspection } from "./schema/inspection.ts";
import type { Migrated } from "./schema/migrate.ts";
import type { Database } from "./stores/database.ts";

export type { Database } from "./stores/database.ts";

/**
 * Opens the database behind `url`, and checks that what it acknowledges is on disk. Its tables are brought up to date under
 * a lock, or, with `migrate: false`, have to be already.
 * @param url `file:…` (a path, relative to the working directory), `postgresql://…`, `mysql://…`, `mariadb://…` or `mongodb://…`.
 * @throws UnsupportedDatabaseUrl, UnsafeDatabaseSettings, SchemaTooNew, SchemaTooOld, ImportUnfinished, MigrationFailed,
 * DatabaseUnavailable
 */
export const openDatabase = async (url: string, { migrate = true } = {}): Promise<Database> =>
  (await driverFor(url)).open(migrate ? "migrate" : "check");

/**
 * Opens the database behind `url` to fill it, making its tables first; one that an import has begun to fill is opened as
 * well. `isBegun` says whether it is such a one.
 * @throws as `openDatabase`
 */
export async function openToImport(url: string): Promise<{ readonly database: Database; readonly isBegun: boolean }> {
  const site = await driverFor(url);
  const isBegun = (await site.inspect()).schema.is === "importing";
  return { database: await site.open(isBegun ? "import" : "migrate"), isBegun };
}

/** Brings the tables of the database behind `url` up to date. @throws as `openDatabase` */
export const migrateDatabase = async (url: string): Promise<Migrated> => (await driverFor(url)).migrate();

/** What can be said of the database behind `url` without changing it. @throws UnsupportedDatabaseUrl, DatabaseUnavailable */
export const inspectDatabase = async (url: string): Promise<Inspection> => (await driverFor(url)).inspect();
