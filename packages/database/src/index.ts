export {
  distributeDatabase,
  inspectDatabase,
  isDatabaseFileInUse,
  migrateDatabase,
  openDatabase,
  openDatabaseInThread,
  openToImport,
} from "./database.ts";
export type { DistributeOptions } from "./drivers/postgresql/citus/distribute.ts";
export type { TableStep } from "./drivers/postgresql/citus/distribution.ts";
export { makeFolder } from "./drivers/sqlite/make-folder.ts";
export { dumpDatabase, restoreDump } from "./dump/database-dump.ts";
export type { CannotDump, Dump, DumpPart, Holdings } from "./dump/dump.ts";
export { ProgramFailed } from "./dump/program.ts";
export { syncFolder } from "./dump/sync-folder.ts";
export { driverMessage } from "./errors/signs.ts";
export { type WriteProblem, writeProblemOf } from "./errors/write-problem.ts";
export type { CallLog, NewCallLog } from "./logs/call-log.ts";
export { DURATION_CLASSES, durationClassOf, durationColumns, percentile } from "./logs/duration-classes.ts";
export type { UtcOffset } from "./logs/local-sums.ts";
export type { LogFilter, LogPage } from "./logs/log-filter.ts";
export { MAX_LISTED_DETAILS_BYTES } from "./logs/log-filter.ts";
export type { LogKeeping } from "./logs/log-keeping.ts";
export type { LogMarks } from "./logs/log-removals.ts";
export { type LogOptions, type LogStore, MAX_LATE_MS, type WrittenBatch } from "./logs/log-store.ts";
export { type LogCounts, QUARTER_MS, quarterOf } from "./logs/log-sums.ts";
export { type LocalLogSums, type LogSumsQuery, MAX_OWNERS, type QuarterCalls } from "./logs/log-sums-query.ts";
export { idBound, timeOfId } from "./logs/months.ts";
export type { NoticeChannel, NoticedUsers } from "./notices/notice-channel.ts";
export { createNoticeTexts, type NoticeTexts } from "./notices/notice-text.ts";
export type { ColumnType } from "./records/table.ts";
export { UnsafeDatabaseSettings } from "./schema/durability.ts";
export type { Inspection } from "./schema/inspection.ts";
export { MigrationFailed } from "./schema/migrate.ts";
export type { Migrated } from "./schema/migrated.ts";
export { ImportUnfinished, type SchemaState, SchemaTooNew, SchemaTooOld } from "./schema/schema-state.ts";
export { UnusableDatabase } from "./schema/unusable-database.ts";
export { auditEventRow } from "./stores/audit-log.ts";
export { creditedClaim } from "./stores/codes.ts";
export type { Database } from "./stores/database.ts";
export { GRANT_DAYS, grantDayOf, grantDayStartMs, grantedOn } from "./stores/grant-days.ts";
export { outgoingEventRow, writeOutgoingEvent } from "./stores/outgoing-events.ts";
export type { PoolName, PoolUse } from "./stores/pool-use.ts";
export { takenFor } from "./stores/reversals.ts";
export { reviewKinds } from "./stores/reviews.ts";
export type * from "./stores/stores.ts";
export { type Around, type StoreCall, type StoreSet, wrapStores } from "./stores/wrap-stores.ts";
export type { ReadRows, TableCopier, TransferRow, TransferValue } from "./transfer/table-copier.ts";
export { TableDigest, type TableSummary } from "./transfer/table-digest.ts";
export { storedTable, type TransferTable, transferTables } from "./transfer/tables.ts";
export { parseDatabaseUrl, UnsupportedDatabaseUrl } from "./url.ts";
