import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import type mariadb from "mariadb";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { PrismaClient } from "../../generated/mysql/client.ts";
import type { MigrationMode } from "../../schema/schema-state.ts";
import { createAuditStore } from "../../stores/audit-reads.ts";
import type { Database } from "../../stores/database.ts";
import type { Prisma } from "../../stores/prisma.ts";
import { sqlStores } from "../../stores/sql-stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import type { TableCopier } from "../../transfer/table-copier.ts";
import { createMysqlCounterStore } from "./counters.ts";
import { createMysqlLedgerStore } from "./ledger-store.ts";
import { commitOptions, connectionOptions, readOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { prepareMysql } from "./prepare.ts";
import { accountIdsAfter, createWithSnapshot } from "./snapshot.ts";

/** How many batches one process commits at once: more would only wait for the same disk. */
const LANES = 2;

/** Users and logs. */
const RECORD_CONNECTIONS = 8;

/** Opens MySQL or MariaDB: connections for Prisma, for the ledger's commits, and for reading balances. */
export async function openMysql(url: string, mode: MigrationMode): Promise<Database> {
  await prepareMysql(url, mode);
  const options = connectionOptions(url);
  const pool = new Pool(options, RECORD_CONNECTIONS);
  const ledgerPools = { commits: new Pool(commitOptions(url), LANES), reads: new Pool(readOptions(url), 2) };
  // Whoever asks whether the database is there does not wait behind others.
  const pingPool = new Pool(options, 1);
  const pools = [pool, ledgerPools.commits, ledgerPools.reads, pingPool];
  const adapter = new PrismaMariaDb(pool as unknown as mariadb.Pool, {
    ...(options.database === undefined ? {} : { database: options.database }),
    useTextProtocol: true,
  });
  // The models are the same; see prisma.ts.
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter }) as unknown as Prisma;
  // Once, and not before the first question: the adapter asks for the version, and goes on without it.
  await prisma.$connect();
  return {
    kind: "mysql",
    ...sqlStores(prisma),
    counters: createMysqlCounterStore(prisma),
    audit: createAuditStore(prisma, createWithSnapshot(pool), accountIdsAfter),
    tableCopier: inSmallStatements(createSqlTableCopier(prisma, createWithSnapshot(pool))),
    ledger: createMysqlLedgerStore(ledgerPools),
    ledgerShards: LANES,
    ping: async () => {
      await pingPool.query("SELECT 1").catch(afterConnectionLoss("nothing written"));
    },
    abortInFlight: async () => {
      for (const each of pools) each.abortInFlight();
    },
    close: async () => {
      await prisma.$disconnect();
      await Promise.all(pools.map((each) => each.end()));
    },
  };
}

/** Rows of 64 KB each, as text: so many stay below what the server takes in one packet (max_allowed_packet, 16 MB). */
const ROWS_AT_ONCE = 50;

const inSmallStatements = (tableCopier: TableCopier): TableCopier => ({
  ...tableCopier,
  insert: async (table, rows) => {
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      await tableCopier.insert(table, rows.slice(from, from + ROWS_AT_ONCE));
    }
  },
});
