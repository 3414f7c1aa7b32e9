import { PrismaPg } from "@prisma/adapter-pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { PrismaClient } from "../../generated/postgresql/client.ts";
import { withPlacesForLogs } from "../../logs/import-places.ts";
import { createLogStore, monthsToPlace, placeLogs } from "../../logs/log-store.ts";
import { prefixPattern } from "../../records/prefix.ts";
import { createPrismaRecords } from "../../records/prisma-records.ts";
import { type Inspection, tryConnections } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrated.ts";
import { checkSchema, prepareSchema } from "../../schema/schema-state.ts";
import { createAllAccountsReads } from "../../stores/all-accounts-reads.ts";
import { createAuditReads } from "../../stores/audit-reads.ts";
import { createAddCount } from "../../stores/counters.ts";
import type { Database } from "../../stores/database.ts";
import { createMissingRights } from "../../stores/missing-rights.ts";
import { type PoolUse, sumOfPools } from "../../stores/pool-use.ts";
import type { Prisma } from "../../stores/prisma.ts";
import { createReferenceReads } from "../../stores/reference-reads.ts";
import { createSpendReads } from "../../stores/spend-reads.ts";
import { createStatementReads } from "../../stores/statement-reads.ts";
import { createStores } from "../../stores/stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import type { OpenOptions } from "../driver.ts";
import { clusterAccountIds } from "./citus/account-ids.ts";
import { type DistributeOptions, distribute as distributeTables } from "./citus/distribute.ts";
import { isDistributed, type TableStep } from "./citus/distribution.ts";
import { clockOf, combine, inspectNodes } from "./citus/inspect-nodes.ts";
import { openClusterLedger } from "./citus/ledger-store.ts";
import { openNode } from "./citus/open-node.ts";
import type { Node } from "./citus/shards.ts";
import { connectClient } from "./connect.ts";
import { checkDurability, unsafeSettings } from "./durability.ts";
import { createLedgerStatements } from "./ledger-statements.ts";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";
import { dropMonth } from "./logs/drop-month.ts";
import { createPostgresqlLogBackend } from "./logs/log-backend.ts";
import { createLogMonths } from "./logs/log-months.ts";
import { unitDialect } from "./logs/unit-dialect.ts";
import { schemaOf } from "./migrate.ts";
import { createPostgresqlNotices } from "./notice-channel.ts";
import { createPool, type Pool, type Route, useOf, withConnection } from "./pool.ts";
import { createWithSnapshot, numbered } from "./snapshot.ts";
import { ownTables } from "./table-names.ts";

export { dump, restore } from "./dump.ts";

/** How many batches one process commits concurrently: more would only wait for the same disk. */
const LEDGER_SHARDS = 2;

/** Connections for everything but the ledger and the logs. */
const RECORD_CONNECTIONS = 8;

/** How many batches of logs one process writes concurrently, and connections for reading logs. */
const LOG_LANES = 2;
const LOG_READERS = 2;

/** The connection for notices between processes. */
const NOTICES = 1;

/** Opens PostgreSQL with three pools: one for Prisma, one for the ledger, whose statements are pipelined, one for pings. */
export async function open(url: string, { mode, onMigrated, logs }: OpenOptions): Promise<Database> {
  const route = await withConnection(url, async (client, found) => {
    await checkDurability(client);
    await prepareSchema(schemaOf(client, found.schema), { mode, onMigrated });
    return { ...found, isDistributed: await isDistributed(client, found.schema) };
  });
  const database = await openStores(url, { ...route, logs });
  if (mode !== "check") await placeLogs(database.logs);
  return database;
}

/** The ledger, how its accounts are divided, and its connections. */
type OpenLedger = Pick<Database, "ledger" | "ledgerShards" | "abortInFlight"> & {
  use(): PoolUse;
  checkNodes(): void;
  end(): Promise<void>;
};

function openLedger(route: Route): OpenLedger {
  // One connection for each shard and one for reading balances.
  const pool = createPool(route, { max: LEDGER_SHARDS + 1, use: "ledger" });
  return {
    ledger: createPostgresqlLedgerStore({ pool, statements: createLedgerStatements(ownTables) }),
    ledgerShards: LEDGER_SHARDS,
    use: () => useOf(pool),
    checkNodes: () => undefined,
    abortInFlight: () => pool.abortInFlight(),
    end: () => pool.end(),
  };
}

async function openDistributedLedger(url: string, coordinator: Pool, route: Route): Promise<OpenLedger> {
  const { schema } = route;
  const { shardOf, use, checkNodes, abortInFlight, close, ...ledger } = await openClusterLedger({
    ...{ coordinator, schema },
    openNode: (node: Node) => openNode(url, node, route),
  });
  return { ledger, ledgerShards: shardOf, use, checkNodes, abortInFlight, end: close };
}

async function openStores(
  url: string,
  { logs, ...route }: Route & { readonly isDistributed: boolean } & Pick<OpenOptions, "logs">,
): Promise<Database> {
  const pool = createPool(route, { max: RECORD_CONNECTIONS, use: "records" });
  // A ping must not wait for a connection behind other calls.
  const pingPool = createPool(route, { max: 1, use: "records" });
  const use = route.isDistributed ? "distributed logs" : "logs";
  const logPools = {
    writes: createPool(route, { max: LOG_LANES, use }),
    reads: createPool(route, { max: LOG_READERS, use }),
  };
  const logBackend = createPostgresqlLogBackend(
    { ...logPools, dropMonth: (beforeMs) => dropMonth(url, beforeMs) },
    route,
  );
  const notices = createPostgresqlNotices(route);
  const opening = route.isDistributed ? openDistributedLedger(url, pool, route) : openLedger(route);
  const { ledger, ledgerShards, ...ledgerConnections } = await Promise.resolve(opening).catch(
    async (error: unknown) => {
      await pool.end();
      throw error;
    },
  );
  const pools = [pool, pingPool, ledgerConnections, ...Object.values(logPools)];
  // The models are the same in every generated client; see prisma.ts.
  const prisma = new PrismaClient({
    errorFormat: "minimal",
    adapter: new PrismaPg(pool, {
      // Prisma puts the name in quotes and does not double those in it.
      schema: route.schema.replaceAll('"', '""'),
    }),
  }) as unknown as Prisma;
  return {
    kind: "postgresql",
    ...createStores(createPrismaRecords(prisma, prefixPattern), {
      addCount: createAddCount(prisma),
      auditReads: createAuditReads(
        prisma,
        createWithSnapshot(pool),
        ...(route.isDistributed ? [clusterAccountIds] : []),
      ),
      missingRights: createMissingRights(prisma, '"'),
      spendReads: createSpendReads(createWithSnapshot(pool), unitDialect),
      allAccountsReads: createAllAccountsReads(createWithSnapshot(pool), unitDialect),
      statementReads: createStatementReads(createWithSnapshot(pool)),
      referenceReads: createReferenceReads(createWithSnapshot(pool)),
    }),
    tableCopier: withPlacesForLogs(createSqlTableCopier(prisma, createWithSnapshot(pool), numbered), logBackend),
    logs: createLogStore(logBackend, { ...logs, lanes: LOG_LANES }),
    notices,
    ledger,
    ledgerShards,
    poolUse: () => ({
      ledger: ledgerConnections.use(),
      logs: sumOfPools(Object.values(logPools).map(useOf)),
      records: useOf(pool),
    }),
    ping: async () => {
      ledgerConnections.checkNodes();
      await pingPool.query("SELECT 1").catch(afterConnectionLoss("nothing written"));
    },
    abortInFlight: async () => {
      await Promise.all(pools.map((each) => each.abortInFlight()));
    },
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([...pools.map((each) => each.end()), notices.close()]);
    },
  };
}

/** Distributes the tables over the nodes of Citus. @throws as `open` */
export const distribute = (url: string, options: DistributeOptions): Promise<readonly TableStep[]> =>
  withConnection(url, async (client, { schema }) => {
    await checkDurability(client);
    checkSchema(await schemaOf(client, schema).read(), "check");
    return distributeTables(client, schema, options);
  });

/** Runs the pending migrations. @throws as `open` */
export const migrate = (url: string): Promise<Migrated> =>
  withConnection(url, async (client, { schema }) => {
    await checkDurability(client);
    const migrated = await schemaOf(client, schema).migrate();
    await createLogMonths(client).make(monthsToPlace(Date.now()));
    return migrated;
  });

/** Reads the version, the schema state, the clock and the settings of the server. @throws DatabaseUnavailable */
export const inspect = (url: string): Promise<Inspection> =>
  withConnection(url, async (client, { schema, options }) => {
    const hasNodes = await isDistributed(client, schema);
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    const own = {
      clockAheadMs: await clockOf(client),
      unsafe: await unsafeSettings(client),
      connections: await tryConnections(
        RECORD_CONNECTIONS + LOG_LANES + LOG_READERS + NOTICES + 1 + (hasNodes ? 0 : LEDGER_SHARDS + 1),
        () => connectClient(options),
        (each) => each.end(),
      ),
    };
    return {
      kind: "postgresql",
      version: rows[0]?.version ?? "",
      schema: await schemaOf(client, schema).read(),
      ...(hasNodes ? combine([own, ...(await inspectNodes(client, url))]) : own),
    };
  });
