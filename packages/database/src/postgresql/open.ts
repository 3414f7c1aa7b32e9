import { PrismaPg } from "@prisma/adapter-pg";
import type { Database } from "../database.ts";
import { afterConnectionLoss } from "../failure.ts";
import { PrismaClient } from "../generated/postgresql/client.ts";
import { createLogStore } from "../logs.ts";
import type { Prisma } from "../prisma.ts";
import { createUserStore } from "../users.ts";
import { createPostgresqlLedgerStore } from "./ledger-store.ts";
import { createPool } from "./pool.ts";
import { preparePostgresql } from "./prepare.ts";

/** Opens PostgreSQL: one pool for Prisma and the ledger. */
export async function openPostgresql(url: string): Promise<Database> {
  await preparePostgresql(url);
  const pool = createPool(url);
  // The models are the same; see prisma.ts.
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter: new PrismaPg(pool) }) as unknown as Prisma;
  return {
    kind: "postgresql",
    users: createUserStore(prisma),
    logs: createLogStore(prisma),
    ledger: createPostgresqlLedgerStore(pool),
    ping: async () => {
      await pool.query("SELECT 1").catch(afterConnectionLoss("nothing written"));
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
