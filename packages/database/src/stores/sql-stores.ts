import { createAuditLog } from "./audit-log.ts";
import type { Database } from "./database.ts";
import { createDeleteExpired } from "./delete-expired.ts";
import { createHistoryStore } from "./history.ts";
import { createKeyStore } from "./keys.ts";
import { createLinkStore } from "./links.ts";
import { createLogStore } from "./logs.ts";
import type { Prisma } from "./prisma.ts";
import { createUserStore } from "./users.ts";

/** What is the same on every SQL database, because Prisma speaks to all of them. */
export const sqlStores = (prisma: Prisma) =>
  ({
    users: createUserStore(prisma),
    links: createLinkStore(prisma),
    keys: createKeyStore(prisma),
    auditLog: createAuditLog(prisma),
    history: createHistoryStore(prisma),
    logs: createLogStore(prisma),
    deleteExpired: createDeleteExpired(prisma),
  }) satisfies Partial<Database>;
