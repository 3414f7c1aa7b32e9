import {
  type Database,
  type LogKeeping,
  type LogOptions,
  type Migrated,
  openDatabase,
  parseDatabaseUrl,
  SchemaTooOld,
} from "@jifen/database";
import type { Logger } from "pino";

/** How to open the database of a server. */
type Options = {
  readonly databaseUrl: string;
  readonly autoMigrate: boolean;
  readonly logKeeping: LogKeeping;
  readonly onBatch: LogOptions["onBatch"];
  readonly log: Logger;
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
  const { databaseUrl, autoMigrate, logKeeping, onBatch, listen, log } = options;
  const logs = { keeping: logKeeping, onBatch };
  if (parseDatabaseUrl(databaseUrl).kind !== "sqlite") {
    try {
      return await openDatabase(databaseUrl, { migrate: false, logs });
    } catch (error) {
      if (!(error instanceof SchemaTooOld && autoMigrate)) throw error;
    }
  }
  await listen();
  return openDatabase(databaseUrl, {
    ...{ migrate: autoMigrate, logs },
    // New tables are no news: they come with every first start.
    onMigrated: (migrated) => {
      if (migrated.from > 0) log.info(migrated, migratedMessage(migrated));
    },
  });
}

/** One sentence: what was migrated, between which versions, and which copy leads back to the version before. */
function migratedMessage({ from, to, files, copies }: Migrated): string {
  const migrated = files.every((file) => file.includes("/")) ? "the file of the logs" : "the database";
  const copied = copies.length === 0 ? "" : `; it was copied to ${copies.join(" and ")} before`;
  return `migrated ${migrated} from version ${from} to ${to}${copied}`;
}
