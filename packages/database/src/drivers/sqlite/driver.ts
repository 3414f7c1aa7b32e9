import { DatabaseUnavailable } from "@jifen/ledger";
import { PrismaClient } from "../../generated/sqlite/client.ts";
import { prefixRange } from "../../records/prefix.ts";
import { createPrismaRecords } from "../../records/prisma-records.ts";
import type { Inspection } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrate.ts";
import { type MigrationMode, prepareSchema } from "../../schema/schema-state.ts";
import { createAuditReads } from "../../stores/audit-reads.ts";
import { createAddCount } from "../../stores/counters.ts";
import type { Database } from "../../stores/database.ts";
import { createStores } from "../../stores/stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import { checkDurability } from "./durability.ts";
import { FileAccess, WITHOUT_WAITING } from "./file-access.ts";
import { createSqliteLedgerStore } from "./ledger-store.ts";
import { schemaOf } from "./migrate.ts";
import { type Connection, connect, connectToInspect, withConnection } from "./pool.ts";
import { SerializedAdapterFactory } from "./serialized-adapter.ts";
import { createSnapshotReader } from "./snapshot.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Opens the embedded database. Creates the file and its folder if they do not exist.
 * Two connections write, one of Prisma and one of the ledger, in one queue. A third connection reads snapshots.
 */
export async function open(file: string, mode: MigrationMode): Promise<Database> {
  const connection = connect(file);
  try {
    checkDurability(connection);
    await prepareSchema(schemaOf(connection), mode);
  } catch (error) {
    connection.close();
    throw error;
  }
  return openStores(connection);
}

function openStores(connection: Connection): Database {
  connection.pragma(WITHOUT_WAITING);
  const access = new FileAccess();
  const adapter = new SerializedAdapterFactory(connection.name, access);
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter });
  const reader = createSnapshotReader(connection.name);
  return {
    kind: "sqlite",
    ...createStores(createPrismaRecords(prisma, prefixRange), {
      addCount: createAddCount(prisma),
      auditReads: createAuditReads(prisma, reader.withSnapshot),
      // A file has permissions and no rights: a write check says what is wrong with them.
      missingRights: async () => [],
    }),
    tableCopier: createSqlTableCopier(prisma, reader.withSnapshot),
    ledger: createSqliteLedgerStore(connection, (work) => access.write(() => inTransaction(connection, work))),
    // An SQLite file has one writer at a time.
    ledgerShards: 1,
    ping: async () => {
      if (!connection.open) throw new DatabaseUnavailable("the database is closed");
      connection.prepare("SELECT 1").get();
    },
    // Calls to a file do not hang: they return or fail, after the wait for its lock at the latest.
    abortInFlight: async () => undefined,
    close: async () => {
      await prisma.$disconnect();
      await reader.close();
      await access.close(() => connection.close());
    },
  };
}

/** Runs the pending migrations. @throws MigrationFailed, SchemaTooNew, ImportUnfinished */
export const migrate = (file: string): Promise<Migrated> =>
  withConnection(connect(file), (connection) => schemaOf(connection).migrate());

/** Reads the version and the schema state. A file that does not exist counts as an empty database. */
export const inspect = (file: string): Promise<Inspection> =>
  withConnection(connectToInspect(file), async (connection) => {
    const sql = "SELECT sqlite_version() AS version";
    const row = connection.prepare<[], { version: string }>(sql).get();
    return {
      kind: "sqlite",
      version: row?.version ?? "",
      schema: await schemaOf(connection).read(),
      clockAheadMs: 0,
      // Jifen sets the durability settings on each connection. The file itself has none.
      unsafe: undefined,
    };
  });
