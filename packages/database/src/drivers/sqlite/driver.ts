import { DatabaseUnavailable } from "@jifen/ledger";
import { PrismaClient } from "../../generated/sqlite/client.ts";
import { createPollingChannel } from "../../notices/polling-channel.ts";
import { prefixRange } from "../../records/prefix.ts";
import { createPrismaRecords } from "../../records/prisma-records.ts";
import type { Inspection } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrated.ts";
import { prepareSchema, type SchemaState } from "../../schema/schema-state.ts";
import { createAllAccountsReads } from "../../stores/all-accounts-reads.ts";
import { createAuditReads } from "../../stores/audit-reads.ts";
import { createAddCount } from "../../stores/counters.ts";
import type { Database } from "../../stores/database.ts";
import { createReferenceReads } from "../../stores/reference-reads.ts";
import { createSpendReads } from "../../stores/spend-reads.ts";
import { createStatementReads } from "../../stores/statement-reads.ts";
import { createStores } from "../../stores/stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import type { OpenOptions } from "../driver.ts";
import { checkDurability } from "./durability.ts";
import { FileAccess, WITHOUT_WAITING } from "./file-access.ts";
import { createFileChanges } from "./file-changes.ts";
import { createSqliteLedgerStore } from "./ledger-store.ts";
import { LOG_FOLDER, logFileOf, prepareLogFile } from "./logs/log-file.ts";
import { openLogs } from "./logs/open-logs.ts";
import { unitDialect } from "./logs/unit-dialect.ts";
import { schemaOf } from "./migrate.ts";
import { type Connection, connect, connectToInspect, withConnection } from "./pool.ts";
import { SerializedAdapterFactory } from "./serialized-adapter.ts";
import { createSnapshotReader } from "./snapshot.ts";
import { inTransaction } from "./transaction.ts";

export { dump, restore } from "./dump.ts";
export { isInUse } from "./in-use.ts";

/** How many entries a search for a hold or grant looks at: other calls wait meanwhile. */
const MAX_ENTRIES_READ = 2_000;

/**
 * Opens the embedded database. Creates the file and its folder if they do not exist.
 * Two connections write, one of Prisma and one of the ledger, in one queue. A third connection reads snapshots. The logs
 * have a file and a thread of their own.
 */
export async function open(file: string, options: OpenOptions): Promise<Database> {
  const { mode, onMigrated } = options;
  const connection = connect(file);
  try {
    checkDurability(connection);
    await prepareSchema(schemaOf(connection), { mode, onMigrated });
    const ofLogs = (migrated: Migrated) => onMigrated?.({ ...migrated, files: migrated.files.map(inLogFolder) });
    await prepareLogFile(logFileOf(file), { mode, onMigrated: ofLogs });
  } catch (error) {
    connection.close();
    throw error;
  }
  return openStores(connection, options);
}

function openStores(connection: Connection, options: OpenOptions): Database {
  connection.pragma(WITHOUT_WAITING);
  const access = new FileAccess();
  const adapter = new SerializedAdapterFactory(connection.name, access);
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter });
  const reader = createSnapshotReader(connection.name);
  // Sums do not wait until an audit has read a long journal.
  const spendReader = createSnapshotReader(connection.name);
  const logFile = logFileOf(connection.name);
  const transferReader = createSnapshotReader(connection.name, logFile);
  const { logs, withLogTables, ...logThread } = openLogs(logFile, options);
  const files = createFileChanges([connection.name, logFile]);
  const notices = createPollingChannel(files.hasChanged, files.close);
  return {
    kind: "sqlite",
    ...createStores(createPrismaRecords(prisma, prefixRange), {
      addCount: createAddCount(prisma),
      auditReads: createAuditReads(prisma, reader.withSnapshot),
      // A file has permissions and no rights: a write check says what is wrong with them.
      missingRights: async () => [],
      spendReads: createSpendReads(spendReader.withSnapshot, unitDialect),
      allAccountsReads: createAllAccountsReads(spendReader.withSnapshot, unitDialect),
      statementReads: createStatementReads(spendReader.withSnapshot),
      referenceReads: createReferenceReads(spendReader.withSnapshot, MAX_ENTRIES_READ),
    }),
    tableCopier: withLogTables(createSqlTableCopier(prisma, transferReader.withSnapshot)),
    logs,
    notices,
    ledger: createSqliteLedgerStore(connection, (work) => access.write(() => inTransaction(connection, work))),
    // An SQLite file has one writer at a time.
    ledgerShards: 1,
    poolUse: () => ({}),
    ping: async () => {
      if (!connection.open) throw new DatabaseUnavailable("the database is closed");
      connection.prepare("SELECT 1").get();
    },
    // Calls to a file do not hang: they return or fail, after the wait for its lock at the latest.
    abortInFlight: async () => undefined,
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([reader, spendReader, transferReader, logThread, notices].map((each) => each.close()));
      await access.close(() => connection.close());
    },
  };
}

/**
 * Runs the pending migrations of both files. @returns the versions of the database file, and the migrations of both
 * @throws MigrationFailed, SchemaTooNew, ImportUnfinished
 */
export async function migrate(file: string): Promise<Migrated> {
  const migrated = await withConnection(connect(file), (connection) => schemaOf(connection).migrate());
  const ofLogs = await withConnection(connect(logFileOf(file)), (connection) =>
    schemaOf(connection, { folder: LOG_FOLDER }).migrate(),
  );
  return {
    ...migrated,
    files: [...migrated.files, ...ofLogs.files.map(inLogFolder)],
    copies: [...migrated.copies, ...ofLogs.copies],
  };
}

/** How a migration of the file of the logs is named beside those of the database file. */
const inLogFolder = (name: string): string => `${LOG_FOLDER}/${name}`;

/** The schema state of the database file, or that of the file of the logs when this one alone cannot be used. */
async function readSchemas(file: string, connection: Connection): Promise<SchemaState> {
  const state = await schemaOf(connection).read();
  if (!isUsable(state)) return state;
  const ofLogs = await withConnection(connectToInspect(logFileOf(file)), (logs) =>
    schemaOf(logs, { folder: LOG_FOLDER }).read(),
  );
  return isUsable(ofLogs) ? state : ofLogs;
}

const isUsable = ({ is }: SchemaState): boolean => is === "current" || is === "expanded";

/** Reads the version and the schema state. A file that does not exist counts as an empty database. */
export const inspect = (file: string): Promise<Inspection> =>
  withConnection(connectToInspect(file), async (connection) => {
    const sql = "SELECT sqlite_version() AS version";
    const row = connection.prepare<[], { version: string }>(sql).get();
    return {
      kind: "sqlite",
      version: row?.version ?? "",
      schema: await readSchemas(file, connection),
      clockAheadMs: 0,
      // Jifen sets the durability settings on each connection. The file itself has none.
      unsafe: undefined,
    };
  });
