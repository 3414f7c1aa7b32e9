import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseUnavailable } from "@jifen/ledger";
import { Mutex } from "async-mutex";
import { PrismaClient } from "../../generated/sqlite/client.ts";
import type { Inspection } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrate.ts";
import type { MigrationMode } from "../../schema/schema-state.ts";
import { createAuditStore } from "../../stores/audit-reads.ts";
import { createCounterStore } from "../../stores/counters.ts";
import type { Database } from "../../stores/database.ts";
import { sqlStores } from "../../stores/sql-stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import { type Connection, connect, connectToRead, inTransaction } from "./connection.ts";
import { createSqliteLedgerStore } from "./ledger-store.ts";
import { migrateSqlite, prepareSqlite, sqliteSchema } from "./migrate.ts";
import { SerializedAdapterFactory } from "./serialized-adapter.ts";
import { createReader } from "./snapshot.ts";

/**
 * Opens the embedded database, making the file and its folder when they are not there.
 * Two connections: Prisma's, and the ledger's own, whose transactions never yield. They take turns. An audit has a third,
 * which only reads.
 */
export async function openSqlite(file: string, mode: MigrationMode): Promise<Database> {
  const path = resolve(file);
  const connection = connectMaking(path);
  try {
    await prepareSqlite(connection, mode);
  } catch (error) {
    connection.close();
    throw error;
  }

  const turns = new Mutex();
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter: new SerializedAdapterFactory(path, turns) });
  const reader = createReader(path);
  return {
    kind: "sqlite",
    ...sqlStores(prisma),
    counters: createCounterStore(prisma),
    audit: createAuditStore(prisma, reader.asOfOneMoment),
    tableCopier: createSqlTableCopier(prisma, reader.asOfOneMoment),
    ledger: createSqliteLedgerStore(connection, (work) => turns.runExclusive(() => inTransaction(connection, work))),
    // One file has one writer.
    ledgerShards: 1,
    ping: async () => {
      if (!connection.open) throw new DatabaseUnavailable("the database is closed");
      connection.prepare("SELECT 1").get();
    },
    // A file answers at once or fails at once.
    abortInFlight: async () => undefined,
    close: async () => {
      await prisma.$disconnect();
      await reader.close();
      await turns.runExclusive(() => connection.close());
    },
  };
}

function connectMaking(path: string): Connection {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return connect(path);
}

/** Brings the tables up to date. @throws MigrationFailed, SchemaTooNew */
export async function migrateSqliteFile(file: string): Promise<Migrated> {
  const connection = connectMaking(resolve(file));
  try {
    return await migrateSqlite(connection);
  } finally {
    connection.close();
  }
}

/** What can be said of a file; one that is not there yet has no tables. */
export async function inspectSqlite(file: string): Promise<Inspection> {
  const path = resolve(file);
  const connection = existsSync(path) ? connectToRead(path) : connect(":memory:");
  try {
    const { version } = connection.prepare<[], { version: string }>("SELECT sqlite_version() AS version").get() ?? {
      version: "",
    };
    // Every connection is told to wait for the disk, whatever the file says.
    return { kind: "sqlite", version, schema: await sqliteSchema(connection), clockAheadMs: 0, unsafe: undefined };
  } finally {
    connection.close();
  }
}
