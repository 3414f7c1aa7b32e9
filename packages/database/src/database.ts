import { driverFor } from "./drivers/driver-for.ts";
import type { Inspection } from "./schema/inspection.ts";
import type { Migrated } from "./schema/migrate.ts";
import type { Database } from "./stores/database.ts";
import { parseDatabaseUrl } from "./url.ts";

export type { Database } from "./stores/database.ts";

/**
 * Opens the database behind `url` and checks that it keeps what it acknowledges. Runs pending migrations under a lock; with
 * `migrate: false` it refuses an outdated schema instead.
 * @param url `file:…` (a path, relative to the working directory), `postgresql://…`, `mysql://…`, `mariadb://…` or `mongodb://…`.
 * @throws UnsupportedDatabaseUrl, UnsafeDatabaseSettings, SchemaTooNew, SchemaTooOld, ImportUnfinished, MigrationFailed,
 * DatabaseUnavailable
 */
export async function openDatabase(url: string, { migrate = true } = {}): Promise<Database> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).open(location, migrate ? "migrate" : "check");
}

/**
 * Opens the database behind `url` for an import. Runs pending migrations first. Also opens a database whose import has begun
 * and not finished; `isBegun` is true for such a database.
 * @throws as `openDatabase`
 */
export async function openToImport(url: string): Promise<{ readonly database: Database; readonly isBegun: boolean }> {
  const { kind, location } = parseDatabaseUrl(url);
  const driver = await driverFor(kind);
  const isBegun = (await driver.inspect(location)).schema.is === "importing";
  return { database: await driver.open(location, isBegun ? "import" : "migrate"), isBegun };
}

/** Runs the pending migrations of the database behind `url`. @throws as `openDatabase` */
export async function migrateDatabase(url: string): Promise<Migrated> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).migrate(location);
}

/** Inspects the database behind `url` without changing it. @throws UnsupportedDatabaseUrl, DatabaseUnavailable */
export async function inspectDatabase(url: string): Promise<Inspection> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).inspect(location);
}
