import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import type mariadb from "mariadb";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { PrismaClient } from "../../generated/mysql/client.ts";
import { withPlacesForLogs } from "../../logs/import-places.ts";
import { createLogStore, monthsToPlace, placeLogs } from "../../logs/log-store.ts";
import { createPollingChannel } from "../../notices/polling-channel.ts";
import { prefixRange } from "../../records/prefix.ts";
import { createPrismaRecords } from "../../records/prisma-records.ts";
import { type Inspection, measureClockAheadMs, tryConnections } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrated.ts";
import { prepareSchema } from "../../schema/schema-state.ts";
import { createAllAccountsReads } from "../../stores/all-accounts-reads.ts";
import { createAuditReads } from "../../stores/audit-reads.ts";
import type { Database } from "../../stores/database.ts";
import { createMissingRights } from "../../stores/missing-rights.ts";
import { sumOfPools } from "../../stores/pool-use.ts";
import type { Prisma } from "../../stores/prisma.ts";
import { createReferenceReads } from "../../stores/reference-reads.ts";
import { createSpendReads } from "../../stores/spend-reads.ts";
import { createStatementReads } from "../../stores/statement-reads.ts";
import { createStores } from "../../stores/stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import type { TableCopier } from "../../transfer/table-copier.ts";
import type { OpenOptions } from "../driver.ts";
import { openConnection, withConnection } from "./connection.ts";
import { createMysqlAddCount } from "./counters.ts";
import { checkDurability, unsafeSettings } from "./durability.ts";
import { isGaleraNode, waitingForOtherNodes } from "./galera.ts";
import { createMysqlLedgerStore } from "./ledger-store.ts";
import { dropMonth } from "./logs/drop-month.ts";
import { createMysqlLogBackend } from "./logs/log-backend.ts";
import { createLogMonths } from "./logs/log-months.ts";
import { unitDialect } from "./logs/unit-dialect.ts";
import { schemaOf } from "./migrate.ts";
import { commitOptions, connectionOptions, readOptions, type SessionOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { accountIdsAfter, createWithSnapshot } from "./snapshot.ts";

/** How many batches one process commits concurrently: more would only wait for the same disk. */
const LEDGER_SHARDS = 2;

/** Connections for everything but the ledger and the logs. */
const RECORD_CONNECTIONS = 8;

/** Connections for reading balances. */
const LEDGER_READERS = 2;

/** How many batches of logs one process writes concurrently, and connections for reading logs. */
const LOG_LANES = 2;
const LOG_READERS = 2;

/** All connections of a process, with the one for pings. */
const ALL_CONNECTIONS = RECORD_CONNECTIONS + LEDGER_SHARDS + LEDGER_READERS + LOG_LANES + LOG_READERS + 1;

/** Opens MySQL or MariaDB with pools of their own for Prisma, for the ledger, for the logs, and for pings. */
export async function open(url: string, { mode, onMigrated, logs }: OpenOptions): Promise<Database> {
  const found = await withConnection(url, async (connection, database, foundUrl) => {
    await checkDurability(connection);
    await prepareSchema(schemaOf(connection, database), { mode, onMigrated });
    return { url: foundUrl, isGalera: await isGaleraNode(connection) };
  });
  const database = await openStores({ ...found, logs });
  if (mode !== "check") await placeLogs(database.logs);
  return database;
}

/** A database that was looked at. */
type Found = Pick<OpenOptions, "logs"> & { readonly url: string; readonly isGalera: boolean };

async function openStores({ url, isGalera, logs }: Found): Promise<Database> {
  const forServer = (options: SessionOptions) => (isGalera ? waitingForOtherNodes(options) : options);
  const options = forServer(connectionOptions(url));
  const [commits, reads] = [forServer(commitOptions(url)), forServer(readOptions(url))];
  const pool = new Pool(options, RECORD_CONNECTIONS);
  const ledgerPools = { commits: new Pool(commits, LEDGER_SHARDS), reads: new Pool(reads, LEDGER_READERS) };
  const logPools = { writes: new Pool(commits, LOG_LANES), reads: new Pool(reads, LOG_READERS) };
  // A ping must not wait for a connection behind other calls.
  const pingPool = new Pool(options, 1);
  const pools = [pool, pingPool, ...Object.values(ledgerPools), ...Object.values(logPools)];
  const logBackend = createMysqlLogBackend({ ...logPools, dropMonth: (beforeMs) => dropMonth(url, beforeMs) });
  const notices = createPollingChannel();
  const adapter = new PrismaMariaDb(pool as unknown as mariadb.Pool, {
    ...(options.database === undefined ? {} : { database: options.database }),
    useTextProtocol: true,
  });
  // The models are the same in every generated client; see prisma.ts.
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter }) as unknown as Prisma;
  // Connects now and not at the first query: the adapter reads the version of the server, and ignores a failure of that.
  await prisma.$connect();
  return {
    kind: "mysql",
    ...createStores(createPrismaRecords(prisma, prefixRange), {
      addCount: createMysqlAddCount(prisma),
      auditReads: createAuditReads(prisma, createWithSnapshot(pool), accountIdsAfter),
      missingRights: createMissingRights(prisma, "`"),
      spendReads: createSpendReads(createWithSnapshot(pool), unitDialect),
      allAccountsReads: createAllAccountsReads(createWithSnapshot(pool), unitDialect),
      statementReads: createStatementReads(createWithSnapshot(pool)),
      referenceReads: createReferenceReads(createWithSnapshot(pool)),
    }),
    tableCopier: withPlacesForLogs(
      inSmallStatements(createSqlTableCopier(prisma, createWithSnapshot(pool))),
      logBackend,
    ),
    logs: createLogStore(logBackend, { ...logs, lanes: LOG_LANES }),
    notices,
    ledger: createMysqlLedgerStore(ledgerPools),
    ledgerShards: LEDGER_SHARDS,
    poolUse: () => ({
      ledger: sumOfPools(Object.values(ledgerPools).map((each) => each.use())),
      logs: sumOfPools(Object.values(logPools).map((each) => each.use())),
      records: pool.use(),
    }),
    ping: async () => {
      // A node that has lost its cluster answers statements without a table.
      await pingPool.query("SELECT 1 FROM jifen_migrations LIMIT 1").catch(afterConnectionLoss("nothing written"));
    },
    abortInFlight: async () => {
      for (const each of pools) each.abortInFlight();
    },
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([...pools.map((each) => each.end()), notices.close()]);
    },
  };
}

/** Runs the pending migrations. @throws as `open` */
export const migrate = (url: string): Promise<Migrated> =>
  withConnection(url, async (connection, database) => {
    await checkDurability(connection);
    const migrated = await schemaOf(connection, database).migrate();
    await createLogMonths(connection).makePlacesFor(monthsToPlace(Date.now()));
    return migrated;
  });

/** Reads the version, the schema state, the clock and the settings of the server. @throws DatabaseUnavailable */
export const inspect = (url: string): Promise<Inspection> =>
  withConnection(url, async (connection, database, found) => {
    const schema = await schemaOf(connection, database).read();
    const [row] = await connection.query<{ version: string }[]>("SELECT VERSION() AS version");
    const clockAheadMs = await measureClockAheadMs(async () => {
      const sql = "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS SIGNED) AS now_ms";
      const [clock] = await connection.query<{ now_ms: number }[]>(sql);
      return clock?.now_ms ?? 0;
    });
    return {
      kind: "mysql",
      version: row?.version ?? "",
      schema,
      clockAheadMs,
      unsafe: await unsafeSettings(connection),
      connections: await tryConnections(
        ALL_CONNECTIONS,
        () => openConnection(connectionOptions(found)),
        (each) => each.end(),
      ),
    };
  });

/** A row can have 64 KB of text. This many rows stay below the packet limit of the server (max_allowed_packet, 16 MB). */
const ROWS_PER_STATEMENT = 50;

const inSmallStatements = (tableCopier: TableCopier): TableCopier => ({
  ...tableCopier,
  insert: async (table, rows) => {
    for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
      await tableCopier.insert(table, rows.slice(from, from + ROWS_PER_STATEMENT));
    }
  },
});
