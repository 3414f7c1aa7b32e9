import type { Database } from "../database.ts";
import type { Inspection } from "../inspection.ts";
import type { Migrated } from "../migrate.ts";
import { checkSchema, type MigrationMode } from "../schema-state.ts";
import { createAuditLog } from "./audit-log.ts";
import { createAuditStore } from "./audit-reads.ts";
import { createCounterStore } from "./counters.ts";
import { checkDurability, checkInitiated, unsafeSettings } from "./durability.ts";
import { afterConnectionLoss } from "./failure.ts";
import { createForgetExpired } from "./forget-expired.ts";
import { createHistoryStore } from "./history.ts";
import { createKeyStore } from "./keys.ts";
import { createMongodbLedgerStore } from "./ledger-store.ts";
import { createLinkStore } from "./links.ts";
import { createLogStore } from "./logs.ts";
import { migrateMongodb, mongodbSchema } from "./migrate.ts";
import { createMongodbMover } from "./mover.ts";
import { bounded, createSite, type Site } from "./site.ts";
import { createUserStore } from "./users.ts";

/** How many batches one process commits at once: most of a commit is waiting for other machines. */
const LANES = 4;

/** At the start there is time to find the primary; later, somebody waits for an answer. */
const AT_START_MS = 5_000;
const LATER_MS = 1_500;

/** Opens MongoDB: one pool of connections for everything. */
export async function openMongodb(url: string, mode: MigrationMode): Promise<Database> {
  await onSite(url, async (site) => {
    await checkDurability(site);
    if (mode === "migrate") await migrateMongodb(site);
    else checkSchema(await mongodbSchema(site), mode);
  });
  const site = createSite(url, LATER_MS);
  await site.client.connect().catch(afterConnectionLoss("nothing written"));
  return {
    kind: "mongodb",
    users: createUserStore(site),
    links: createLinkStore(site),
    keys: createKeyStore(site),
    auditLog: createAuditLog(site),
    counters: createCounterStore(site),
    history: createHistoryStore(site),
    logs: createLogStore(site),
    audit: createAuditStore(site),
    mover: createMongodbMover(site),
    ledger: createMongodbLedgerStore(site, LANES),
    ledgerLanes: LANES,
    forgetExpired: createForgetExpired(site),
    ping: async () => {
      await site.db.command({ ping: 1 }).catch(afterConnectionLoss("nothing written"));
    },
    // The driver notices by itself that a server is gone, and has no way to be told.
    giveUp: async () => undefined,
    close: () => site.client.close(),
  };
}

/** Runs `work` on a connection of its own. @throws DatabaseUnavailable */
async function onSite<Result>(url: string, work: (site: Site) => Promise<Result>): Promise<Result> {
  const site = createSite(url, AT_START_MS);
  try {
    await site.client.connect();
    return await work(site);
  } catch (error) {
    checkInitiated(site, error);
    return afterConnectionLoss("nothing written")(error);
  } finally {
    await site.client.close().catch(() => undefined);
  }
}

/** Brings the collections up to date. @throws as `openMongodb` */
export const migrateMongodbAt = (url: string): Promise<Migrated> =>
  onSite(url, async (site) => {
    await checkDurability(site);
    return migrateMongodb(site);
  });

/** What can be said of the server and the collections. @throws DatabaseUnavailable */
export const inspectMongodb = (url: string): Promise<Inspection> =>
  onSite(url, async (site) => {
    const schema = await mongodbSchema(site);
    const { version } = await site.db.command({ buildInfo: 1 });
    const before = Date.now();
    const { localTime } = await site.db.command({ hello: 1, ...bounded });
    const half = (Date.now() - before) / 2;
    return {
      kind: "mongodb",
      version: String(version),
      schema,
      clockAheadMs: Math.round(localTime.getTime() - before - half),
      unsafe: await unsafeSettings(site),
    };
  });
