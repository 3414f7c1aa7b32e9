import type { OpenOptions } from "./drivers/driver.ts";
import { driverFor } from "./drivers/driver-for.ts";
import type { DistributeOptions } from "./drivers/postgresql/citus/distribute.ts";
import type { TableStep } from "./drivers/postgresql/citus/distribution.ts";
import type { LogOptions } from "./logs/log-store.ts";
import type { Inspection } from "./schema/inspection.ts";
import type { Migrated } from "./schema/migrated.ts";
import { UnusableDatabase } from "./schema/unusable-database.ts";
import type { Database } from "./stores/database.ts";
import { parseDatabaseUrl } from "./url.ts";

export type { Database } from "./stores/database.ts";

type OpenDatabaseOptions = Pick<OpenOptions, "logs" | "onMigrated"> & { readonly migrate?: boolean };

/**
 * Opens the database behind `url` and checks that it keeps what it acknowledges. Runs pending migrations under a lock; with
 * `migrate: false` it refuses an outdated schema instead. Calls `onMigrated` after migrations have run, on an embedded
 * database once for each of its two files. `logs.keeping` says for how long logs are kept.
 * @param url `file:…` (a path, relative to the working directory), `postgresql://…`, `mysql://…`, `mariadb://…` or `mongodb://…`.
 * @throws UnsupportedDatabaseUrl, UnsafeDatabaseSettings, SchemaTooNew, SchemaTooOld, ImportUnfinished, MigrationFailed,
 * DatabaseUnavailable
 */
export async function openDatabase(
  url: string,
  { migrate = true, ...options }: OpenDatabaseOptions = {},
): Promise<Database> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).open(location, { mode: migrate ? "migrate" : "check", ...options });
}

/**
 * Opens the database behind `url` a second time, for a thread that only reads. It never migrates.
 * @throws as `openDatabase`
 */
export async function openDatabaseInThread(
  url: string,
  { logs }: { readonly logs?: LogOptions | undefined } = {},
): Promise<Database> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).open(location, { mode: "check", isOwnThread: true, logs });
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
  return { database: await driver.open(location, { mode: isBegun ? "import" : "migrate" }), isBegun };
}

/** Runs the pending migrations of the database behind `url`. @throws as `openDatabase` */
export async function migrateDatabase(url: string): Promise<Migrated> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).migrate(location);
}

/**
 * Distributes the tables over the nodes of a cluster (Citus), or does what is left of it. No server may run meanwhile.
 * @returns the tables that were left to do
 * @throws UnsupportedDatabaseUrl, UnusableDatabase, SchemaTooOld, DatabaseUnavailable
 */
export async function distributeDatabase(url: string, options: DistributeOptions = {}): Promise<readonly TableStep[]> {
  const { kind, location } = parseDatabaseUrl(url);
  const { distribute } = await driverFor(kind);
  if (distribute === undefined) {
    throw new UnusableDatabase(
      "Only PostgreSQL with the extension Citus distributes tables. 仅带 Citus 扩展的 PostgreSQL 支持分布式表。",
    );
  }
  return distribute(location, options);
}

/** Whether another program, such as a server, has the embedded database behind `url` open. @throws UnsupportedDatabaseUrl */
export async function isDatabaseFileInUse(url: string): Promise<boolean> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).isInUse?.(location) ?? false;
}

/** Inspects the database behind `url` without changing it. @throws UnsupportedDatabaseUrl, DatabaseUnavailable */
export async function inspectDatabase(url: string): Promise<Inspection> {
  const { kind, location } = parseDatabaseUrl(url);
  return (await driverFor(kind)).inspect(location);
}
