import {
  type Database,
  type LogKeeping,
  type LogOptions,
  openDatabase,
  parseDatabaseUrl,
  SchemaTooOld,
} from "@jifen/database";

/** How to open the database of a server. */
type Options = {
  readonly databaseUrl: string;
  readonly autoMigrate: boolean;
  readonly logKeeping: LogKeeping;
  readonly onBatch: LogOptions["onBatch"];
  /** Opens the port. Until the server can serve, it answers 503. */
  readonly listen: () => Promise<unknown>;
};

/**
 * Opens the database, and runs pending migrations. Calls `listen` first when it may take long, so that the port is known to
 * be free before anything changes. Otherwise the port stays closed until the server can serve, so that a proxy passes
 * requests on to another server. An embedded database has no other server.
 * See docs/decisions/0030-restarts-behind-a-proxy.md. @throws as `openDatabase`
 */
export async function openForServer(options: Options): Promise<Database> {
  const { databaseUrl, autoMigrate, logKeeping, onBatch, listen } = options;
  const logs = { keeping: logKeeping, onBatch };
  if (parseDatabaseUrl(databaseUrl).kind !== "sqlite") {
    try {
      return await openDatabase(databaseUrl, { migrate: false, logs });
    } catch (error) {
      if (!(error instanceof SchemaTooOld && autoMigrate)) throw error;
    }
  }
  await listen();
  return openDatabase(databaseUrl, { migrate: autoMigrate, logs });
}
