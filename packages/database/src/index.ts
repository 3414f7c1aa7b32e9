export type { AuditRun, AuditStore } from "./audit-reads.ts";
export { type Database, openDatabase } from "./database.ts";
export { UnsafeDatabaseSettings } from "./durability.ts";
export type { HistoryStore, Page, TransactionFilter } from "./history.ts";
export type { Log, LogStore } from "./logs.ts";
export { MigrationFailed, SchemaTooNew } from "./migrate.ts";
export { parseDatabaseUrl, UnsupportedDatabaseUrl } from "./url.ts";
export type { NewUser, User, UserStore } from "./users.ts";
