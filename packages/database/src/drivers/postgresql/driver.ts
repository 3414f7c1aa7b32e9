import { PrismaPg } from "@prisma/adapter-pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { PrismaClient } from "../../generated/postgresql/client.ts";
import type { MigrationMode } from "../../schema/schema-state.ts";
import { createAuditStore } from "../../stores/audit-reads.ts";
import { createCounterStore } from "../../stores/counters.ts";
import type { Database } from "../../stores/database.ts";
import type { Prisma } from "../../stores/prisma.ts";
import { sqlStores } from "../../stores/sql-stores.ts";
import { createSqlTableCopier } from "../../transfer/sql-table-copier.ts";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";
import { createPool } from "./pool.ts";
import { preparePostgresql } from "./prepare.ts";
import { createWithSnapshot, numbered } from "./snapshot.ts";

/** How many batches one process commits at once: more would only wait for the same disk. */
const LANES = 2;

/** Users and logs. */
const RECORD_CONNECTIONS = 8;

/** Opens PostgreSQL: a pool for Prisma, and one for the ledger, whose statements travel together. */
export async function openPostgresql(url: string, mode: MigrationMode): Promise<Database> {
  await preparePostgresql(url, mode);
  const pool = createPool(url, { max: RECORD_CONNECTIONS, use: "records" });
  // One connection for each lane, one for reading balances.
  const ledgerPool = createPool(url, { max: LANES + 1, use: "ledger" });
  // Whoever asks whether the database is there does not wait behind others.
  const pingPool = createPool(url, { max: 1, use: "records" });
  const pools = [pool, ledgerPool, pingPool];
  // The models are the same; see prisma.ts.
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter: new PrismaPg(pool) }) as unknown as Prisma;
  return {
    kind: "postgresql",
    ...sqlStores(prisma),
    counters: createCounterStore(prisma),
    audit: createAuditStore(prisma, createWithSnapshot(pool)),
    tableCopier: createSqlTableCopier(prisma, createWithSnapshot(pool), numbered),
    ledger: createPostgresqlLedgerStore(ledgerPool),
    ledgerShards: LANES,
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
