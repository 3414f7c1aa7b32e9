import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseUnavailable } from "@jifen/ledger";
import { Mutex } from "async-mutex";
import { createAuditLog } from "../audit-log.ts";
import { createAuditStore } from "../audit-reads.ts";
import type { Database } from "../database.ts";
import { PrismaClient } from "../generated/sqlite/client.ts";
import { createHistoryStore } from "../history.ts";
import { createKeyStore } from "../keys.ts";
import { createLinkStore } from "../links.ts";
import { createLogStore } from "../logs.ts";
import { createUserStore } from "../users.ts";
import { connect, inTransaction } from "./connection.ts";
import { createSqliteLedgerStore } from "./ledger-store.ts";
import { migrateSqlite } from "./migrate.ts";
import { createReader } from "./one-moment.ts";
import { TurnTakingAdapterFactory } from "./turn-taking-adapter.ts";

/**
 * Opens the embedded database, making the file and its folder when they are not there.
 * Two connections: Prisma's, and the ledger's own, whose transactions never yield. They take turns. An audit has a third,
 * which only reads.
 */
export async function openSqlite(file: string): Promise<Database> {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const connection = connect(path);
  await migrateSqlite(connection);

  const turns = new Mutex();
  const prisma = new PrismaClient({ errorFormat: "minimal", adapter: new TurnTakingAdapterFactory(path, turns) });
  const reader = createReader(path);
  return {
    kind: "sqlite",
    users: createUserStore(prisma),
    links: createLinkStore(prisma),
    keys: createKeyStore(prisma),
    auditLog: createAuditLog(prisma),
    history: createHistoryStore(prisma),
    logs: createLogStore(prisma),
    audit: createAuditStore(prisma, reader.asOfOneMoment),
    ledger: createSqliteLedgerStore(connection, (work) => turns.runExclusive(() => inTransaction(connection, work))),
    // One file has one writer.
    ledgerLanes: 1,
    ping: async () => {
      if (!connection.open) throw new DatabaseUnavailable("the database is closed");
      connection.prepare("SELECT 1").get();
    },
    close: async () => {
      await prisma.$disconnect();
      await reader.close();
      await turns.runExclusive(() => connection.close());
    },
  };
}
