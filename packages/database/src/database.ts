import type { LedgerStore } from "@jifen/ledger";
import type { AuditLog } from "./audit-log.ts";
import type { AuditStore } from "./audit-reads.ts";
import type { CounterStore } from "./counters.ts";
import type { HistoryStore } from "./history.ts";
import type { Inspection } from "./inspection.ts";
import type { KeyStore } from "./keys.ts";
import type { LinkStore } from "./links.ts";
import type { LogStore } from "./logs.ts";
import type { Migrated } from "./migrate.ts";
import { inspectMongodb, migrateMongodbAt, openMongodb } from "./mongodb/open.ts";
import type { Mover } from "./moving/mover.ts";
import { openMysql } from "./mysql/open.ts";
import { inspectMysql, migrateMysqlDatabase } from "./mysql/prepare.ts";
import { openPostgresql } from "./postgresql/open.ts";
import { inspectPostgresql, migratePostgresql } from "./postgresql/prepare.ts";
import type { MigrationMode } from "./schema-state.ts";
import { inspectSqlite, migrateSqliteFile, openSqlite } from "./sqlite/open.ts";
import { type DatabaseTarget, parseDatabaseUrl } from "./url.ts";
import type { UserStore } from "./users.ts";

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
  readonly ledgerLanes: number;
  readonly history: HistoryStore;
  readonly logs: LogStore;
  readonly audit: AuditStore;
  readonly mover: Mover;
  /** Deletes links, counters and ended sessions whose time is over. */
  forgetExpired(nowMs: number): Promise<void>;
  /** Resolves when the database answers. @throws DatabaseUnavailable */
  ping(): Promise<void>;
  /**
   * Waits no longer for a database that has stopped without a word: every question that is unanswered fails at once, and
   * says whether it may have had an effect. The next ones are asked over new connections.
   */
  giveUp(): Promise<void>;
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
export const openDatabase = (url: string, { migrate = true } = {}): Promise<Database> =>
  openAs(url, migrate ? "migrate" : "check");

/**
 * Opens the database behind `url` to fill it, making its tables first; one that an import has begun to fill is opened as
 * well. `isBegun` says whether it is such a one.
 * @throws as `openDatabase`
 */
export async function openToImport(url: string): Promise<{ readonly database: Database; readonly isBegun: boolean }> {
  const isBegun = (await inspectDatabase(url)).schema.is === "importing";
  return { database: await openAs(url, isBegun ? "import" : "migrate"), isBegun };
}

async function openAs(url: string, mode: MigrationMode): Promise<Database> {
  const target = parseDatabaseUrl(url);
  switch (target.kind) {
    case "sqlite":
      return openSqlite(target.file, mode);
    case "postgresql":
      return openPostgresql(target.url, mode);
    case "mysql":
      return openMysql(target.url, mode);
    case "mongodb":
      return openMongodb(target.url, mode);
    default:
      return target satisfies never;
  }
}

/** Brings the tables of the database behind `url` up to date. @throws as `openDatabase` */
export async function migrateDatabase(url: string): Promise<Migrated> {
  const target = parseDatabaseUrl(url);
  switch (target.kind) {
    case "sqlite":
      return migrateSqliteFile(target.file);
    case "postgresql":
      return migratePostgresql(target.url);
    case "mysql":
      return migrateMysqlDatabase(target.url);
    case "mongodb":
      return migrateMongodbAt(target.url);
    default:
      return target satisfies never;
  }
}

/** What can be said of the database behind `url` without changing it. @throws UnsupportedDatabaseUrl, DatabaseUnavailable */
export async function inspectDatabase(url: string): Promise<Inspection> {
  const target = parseDatabaseUrl(url);
  switch (target.kind) {
    case "sqlite":
      return inspectSqlite(target.file);
    case "postgresql":
      return inspectPostgresql(target.url);
    case "mysql":
      return inspectMysql(target.url);
    case "mongodb":
      return inspectMongodb(target.url);
    default:
      return target satisfies never;
  }
}
