import type { CannotDump, Dump, DumpOptions, Holdings, RestorableDump } from "../dump/dump.ts";
import type { LogOptions } from "../logs/log-store.ts";
import type { Inspection } from "../schema/inspection.ts";
import type { Migrated } from "../schema/migrated.ts";
import type { PrepareOptions } from "../schema/schema-state.ts";
import type { Database } from "../stores/database.ts";
import type { DistributeOptions } from "./postgresql/citus/distribute.ts";
import type { TableStep } from "./postgresql/citus/distribution.ts";

/** How a database is opened. */
export type OpenOptions = PrepareOptions & {
  readonly logs?: LogOptions | undefined;
  /**
   * Whether the caller runs in a thread of its own. Then synchronous reads of the logs of an embedded database need no other
   * thread, whose memory would come on top.
   */
  readonly isOwnThread?: boolean;
};

/**
 * What the module `driver.ts` of each database exports. `location` is the path of the file for SQLite and the URL of the
 * server for the others.
 */
export type Driver = {
  /**
   * Checks that the database keeps what it acknowledges, migrates or checks the schema, and opens the stores.
   * @throws UnsafeDatabaseSettings, MigrationFailed, SchemaTooNew, SchemaTooOld, ImportUnfinished, DatabaseUnavailable
   */
  open(location: string, options: OpenOptions): Promise<Database>;
  /** Runs the pending migrations. @throws as `open` */
  migrate(location: string): Promise<Migrated>;
  /** Distributes the tables over the nodes of a cluster. Undefined where that is not possible. @throws as `open` */
  distribute?(location: string, options: DistributeOptions): Promise<readonly TableStep[]>;
  /** Reads the version, the schema state, the clock and the settings. Changes nothing. @throws DatabaseUnavailable */
  inspect(location: string): Promise<Inspection>;
  /**
   * Makes a dump in the format of the database, from one snapshot, or returns why it cannot and runs no `work`. Undefined
   * where the rows are exported instead. @throws DatabaseUnavailable, and what `work` throws
   */
  dump?(location: string, options: DumpOptions, work: (dump: Dump) => Promise<void>): Promise<CannotDump | undefined>;
  /** Whether another program has the files of an embedded database open. Undefined for a database on a server. */
  isInUse?(location: string): boolean;
  /** Restores a dump into a database without tables, completely or not at all. @throws UnusableDatabase, DatabaseUnavailable */
  restore?(location: string, dump: RestorableDump): Promise<Holdings>;
};
