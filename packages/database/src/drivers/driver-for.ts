import type { Inspection } from "../schema/inspection.ts";
import type { Migrated } from "../schema/migrate.ts";
import type { MigrationMode } from "../schema/schema-state.ts";
import type { Database } from "../stores/database.ts";
import { parseDatabaseUrl } from "../url.ts";

/** What can be done with the database behind a URL. */
type Driver = {
  open(mode: MigrationMode): Promise<Database>;
  migrate(): Promise<Migrated>;
  inspect(): Promise<Inspection>;
};

/**
 * Loads the driver of this database alone: those of all the others are a fifth of the work of a start.
 * @throws UnsupportedDatabaseUrl
 */
export async function driverFor(databaseUrl: string): Promise<Driver> {
  const target = parseDatabaseUrl(databaseUrl);
  switch (target.kind) {
    case "sqlite": {
      const { inspectSqlite, migrateSqliteFile, openSqlite } = await import("./sqlite/driver.ts");
      const { file } = target;
      return {
        open: (mode) => openSqlite(file, mode),
        migrate: () => migrateSqliteFile(file),
        inspect: () => inspectSqlite(file),
      };
    }
    case "postgresql": {
      const { openPostgresql } = await import("./postgresql/driver.ts");
      const { inspectPostgresql, migratePostgresql } = await import("./postgresql/prepare.ts");
      const { url } = target;
      return {
        open: (mode) => openPostgresql(url, mode),
        migrate: () => migratePostgresql(url),
        inspect: () => inspectPostgresql(url),
      };
    }
    case "mysql": {
      const { openMysql } = await import("./mysql/driver.ts");
      const { inspectMysql, migrateMysqlDatabase } = await import("./mysql/prepare.ts");
      const { url } = target;
      return {
        open: (mode) => openMysql(url, mode),
        migrate: () => migrateMysqlDatabase(url),
        inspect: () => inspectMysql(url),
      };
    }
    case "mongodb": {
      const { inspectMongodb, migrateMongodbAt, openMongodb } = await import("./mongodb/driver.ts");
      const { url } = target;
      return {
        open: (mode) => openMongodb(url, mode),
        migrate: () => migrateMongodbAt(url),
        inspect: () => inspectMongodb(url),
      };
    }
    default:
      return target satisfies never;
  }
}
