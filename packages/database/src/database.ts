import type { LedgerStore } from "@jifen/ledger";
import type { AuditLog } from "./audit-log.ts";
import type { AuditStore } from "./audit-reads.ts";
import type { HistoryStore } from "./history.ts";
import type { KeyStore } from "./keys.ts";
import type { LinkStore } from "./links.ts";
import type { LogStore } from "./logs.ts";
import { openPostgresql } from "./postgresql/open.ts";
import { openSqlite } from "./sqlite/open.ts";
import { parseDatabaseUrl } from "./url.ts";
import type { UserStore } from "./users.ts";

/** Everything that is kept, behind one door. */
export type Database = {
  readonly kind: "sqlite" | "postgresql";
  readonly users: UserStore;
  readonly links: LinkStore;
  readonly keys: KeyStore;
  readonly auditLog: AuditLog;
  readonly ledger: LedgerStore;
  /** How many batches of ledger commands it takes at once. */
  readonly ledgerLanes: number;
  readonly history: HistoryStore;
  readonly logs: LogStore;
  readonly audit: AuditStore;
  /** Resolves when the database answers. @throws DatabaseUnavailable */
  ping(): Promise<void>;
  /** Waits for what is running, then lets go of every connection. */
  close(): Promise<void>;
};

/**
 * Opens the database behind `url`, brings its tables up to date under a lock, and checks that what it
 * acknowledges is on disk.
 * @param url `file:…` (a path, relative to the working directory) or `postgresql://…`.
 * @throws UnsupportedDatabaseUrl, UnsafeDatabaseSettings, SchemaTooNew, MigrationFailed, DatabaseUnavailable
 */
export async function openDatabase(url: string): Promise<Database> {
  const target = parseDatabaseUrl(url);
  switch (target.kind) {
    case "sqlite":
      return openSqlite(target.file);
    case "postgresql":
      return openPostgresql(target.url);
    default:
      return target satisfies never;
  }
}
