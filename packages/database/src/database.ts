import type { LedgerStore } from "@jifen/ledger";
import { driverFor } from "./drivers/driver-for.ts";
import type { Inspection } from "./schema/inspection.ts";
import type { Migrated } from "./schema/migrate.ts";
import type { AuditLog } from "./stores/audit-log.ts";
import type { AuditStore } from "./stores/audit-reads.ts";
import type { CounterStore } from "./stores/counters.ts";
import type { HistoryStore } from "./stores/history.ts";
import type { KeyStore } from "./stores/keys.ts";
import type { LinkStore } from "./stores/links.ts";
import type { LogStore } from "./stores/logs.ts";
import type { UserStore } from "./stores/users.ts";
import type { TableCopier } from "./transfer/table-copier.ts";
import type { DatabaseTarget } from "./url.ts";

/** Everything that is kept, behind one door. */
export type Database = {
  readonly kind: DatabaseTarget["kind"];
  readonly users: UserStore;
  readonly links: LinkStore;
  readonly keys: KeyStore;
  readonly auditLog: AuditLog;
  readonly counters: CounterStore;
  readonly ledger: LedgerStore;
  /** How many batches of ledger commands it takes at once. */
  readonly ledgerShards: number;
  readonly history: HistoryStore;
  readonly logs: LogStore;
  readonly audit: AuditStore;
  readonly tableCopier: TableCopier;
  /** Deletes links, counters and ended sessions whose time is over. */
  deleteExpired(nowMs: number): Promise<void>;
  /** Resolves when the database answers. @throws DatabaseUnavailable */
  ping(): Promise<void>;
  /**
   * Waits no longer for a database that has stopped without a word: every question that is unanswered fails at once, and
   * says whether it may have had an effect. The next ones are asked over new connections.
   */
  abortInFlight(): Promise<void>;
  /** Waits for what is running, then lets go of every connection. */
  close(): Promise<void>;
};

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
