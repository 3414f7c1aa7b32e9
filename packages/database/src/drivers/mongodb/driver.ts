import type { Database } from "../../database.ts";
import type { Inspection } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrate.ts";
import { checkSchema, type MigrationMode } from "../../schema/schema-state.ts";
import { bounded, createSite, type Site } from "./connection.ts";
import { checkDurability, checkInitiated, unsafeSettings } from "./durability.ts";
import { afterConnectionLoss } from "./failure.ts";
import { createMongodbLedgerStore } from "./ledger-store.ts";
import { migrateMongodb, mongodbSchema } from "./migrate.ts";
import { followed, Renewable } from "./reconnecting-client.ts";
import { createAuditLog } from "./stores/audit-log.ts";
import { createAuditStore } from "./stores/audit-reads.ts";
import { createCounterStore } from "./stores/counters.ts";
import { createForgetExpired } from "./stores/delete-expired.ts";
import { createHistoryStore } from "./stores/history.ts";
import { createKeyStore } from "./stores/keys.ts";
import { createLinkStore } from "./stores/links.ts";
import { createLogStore } from "./stores/logs.ts";
import { createUserStore } from "./stores/users.ts";
import { createMongodbMover } from "./table-copier.ts";

/** How many batches one process commits at once: most of a commit is waiting for other machines. */
const LANES = 4;

/** At the start there is time to find the primary; later, somebody waits for an answer. */
const AT_START_MS = 5_000;
const LATER_MS = 1_500;

const storesOn = (site: Site) => ({
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
  upkeep: { forgetExpired: createForgetExpired(site) },
});

/** Opens MongoDB: one pool of connections for everything, and one connection to ask whether the database is there. */
export async function openMongodb(url: string, mode: MigrationMode): Promise<Database> {
  await onSite(url, async (site) => {
    await checkDurability(site);
    if (mode === "migrate") await migrateMongodb(site);
    else checkSchema(await mongodbSchema(site), mode);
  });
  const stores = new Renewable(() => createSite(url, LATER_MS), storesOn);
  // Whoever asks whether the database is there does not wait behind others.
  const pings = new Renewable(
    () => createSite(url, LATER_MS, { maxPoolSize: 1 }),
    (site) => () => site.reading(() => site.db.command({ ping: 1 })),
  );
  const all = [stores, pings];
  const close = async () => {
    await Promise.all(all.map((each) => each.close()));
  };
  try {
    await Promise.all(all.map((each) => each.connect()));
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  const { upkeep, ...followedStores } = followed(() => stores.use);
  return {
    kind: "mongodb",
    ...followedStores,
    ledgerLanes: LANES,
    forgetExpired: upkeep.forgetExpired,
    ping: async () => {
      await pings.use();
    },
    giveUp: async () => {
      for (const each of all) each.giveUp();
    },
    close,
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
