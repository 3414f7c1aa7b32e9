import { PrismaPg } from "@prisma/adapter-pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { PrismaClient } from "../../generated/postgresql/client.ts";
import { createPrismaRecords } from "../../records/prisma-records.ts";
import { type Inspection, measureClockAheadMs } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrate.ts";
import { type MigrationMode, prepareSchema } from "../../schema/schema-state.ts";
import { createAuditReads } from "../../stores/audit-reads.ts";
import { createAddCount } from "../../stores/counters.ts";
import type { Database } from "../../stores/database.ts";
import type { Prisma } from "../../stores/prisma.ts";
import { createStores } from "../../stores/stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import { checkDurability, unsafeSettings } from "./durability.ts";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";
import { schemaOf } from "./migrate.ts";
import { createPool, withConnection } from "./pool.ts";
import { createWithSnapshot, numbered } from "./snapshot.ts";

/** How many batches one process commits concurrently: more would only wait for the same disk. */
const LEDGER_SHARDS = 2;

/** Connections for everything but the ledger. */
const RECORD_CONNECTIONS = 8;

/** Opens PostgreSQL with three pools: one for Prisma, one for the ledger, whose statements are pipelined, one for pings. */
export async function open(url: string, mode: MigrationMode): Promise<Database> {
  await withConnection(url, async (client) => {
    await checkDurability(client);
    await prepareSchema(schemaOf(client), mode);
  });
  return openStores(url);
}

function openStores(url: string): Database {
  const pool = createPool(url, { max: RECORD_CONNECTIONS, use: "records" });
  // One connection for each shard and one for reading balances.
  const ledgerPool = createPool(url, { max: LEDGER_SHARDS + 1, use: "ledger" });
  // A ping must not wait for a connection behind other calls.
  const pingPool = createPool(url, { max: 1, use: "records" });
  const pools = [pool, ledgerPool, pingPool];
  // The models are the same in every generated client; see prisma.ts.
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter: new PrismaPg(pool) }) as unknown as Prisma;
  return {
    kind: "postgresql",
    ...createStores(createPrismaRecords(prisma), {
      addCount: createAddCount(prisma),
      auditReads: createAuditReads(prisma, createWithSnapshot(pool)),
    }),
    tableCopier: createSqlTableCopier(prisma, createWithSnapshot(pool), numbered),
    ledger: createPostgresqlLedgerStore(ledgerPool),
    ledgerShards: LEDGER_SHARDS,
    ping: async () => {
      await pingPool.query("SELECT 1").catch(afterConnectionLoss("nothing written"));
    },
    abortInFlight: async () => {
      await Promise.all(pools.map((each) => each.abortInFlight()));
    },
    close: async () => {
      await prisma.$disconnect();
      await Promise.all(pools.map((each) => each.end()));
    },
  };
}

/** Runs the pending migrations. @throws as `open` */
export const migrate = (url: string): Promise<Migrated> =>
  withConnection(url, async (client) => {
    await checkDurability(client);
    return schemaOf(client).migrate();
  });

/** Reads the version, the schema state, the clock and the settings of the server. @throws DatabaseUnavailable */
export const inspect = (url: string): Promise<Inspection> =>
  withConnection(url, async (client) => {
    const schema = await schemaOf(client).read();
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    const clockAheadMs = await measureClockAheadMs(async () => {
      const clock = await client.query<{ now: string }>("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now");
      return Number(clock.rows[0]?.now);
    });
    return {
      kind: "postgresql",
      version: rows[0]?.version ?? "",
      schema,
      clockAheadMs,
      unsafe: await unsafeSettings(client),
    };
  });
