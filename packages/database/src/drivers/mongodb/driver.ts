import type { Inspection } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrate.ts";
import { checkSchema, type MigrationMode } from "../../schema/schema-state.ts";
import type { Database } from "../../stores/database.ts";
import { createMongoConnection, type MongoConnection, queryLimits } from "./connection.ts";
import { checkDurability, checkInitiated, unsafeSettings } from "./durability.ts";
import { afterConnectionLoss } from "./failure.ts";
import { createMongodbLedgerStore } from "./ledger-store.ts";
import { migrateMongodb, mongodbSchema } from "./migrate.ts";
import { delegateTo, ReconnectingClient } from "./reconnecting-client.ts";
import { createAuditLog } from "./stores/audit-log.ts";
import { createAuditStore } from "./stores/audit-reads.ts";
import { createCounterStore } from "./stores/counters.ts";
import { createDeleteExpired } from "./stores/delete-expired.ts";
import { createHistoryStore } from "./stores/history.ts";
import { createKeyStore } from "./stores/keys.ts";
import { createLinkStore } from "./stores/links.ts";
import { createLogStore } from "./stores/logs.ts";
import { createUserStore } from "./stores/users.ts";
import { createMongodbTableCopier } from "./table-copier.ts";

/** How many batches one process commits at once: most of a commit is waiting for other machines. */
const LANES = 4;

/** At the start there is time to find the primary; later, somebody waits for an answer. */
const AT_START_MS = 5_000;
const LATER_MS = 1_500;

const storesOn = (connection: MongoConnection) => ({
  users: createUserStore(connection),
  links: createLinkStore(connection),
  keys: createKeyStore(connection),
  auditLog: createAuditLog(connection),
  counters: createCounterStore(connection),
  history: createHistoryStore(connection),
  logs: createLogStore(connection),
  audit: createAuditStore(connection),
  tableCopier: createMongodbTableCopier(connection),
  ledger: createMongodbLedgerStore(connection, LANES),
  upkeep: { deleteExpired: createDeleteExpired(connection) },
});

/** Opens MongoDB: one pool of connections for everything, and one connection to ask whether the database is there. */
export async function openMongodb(url: string, mode: MigrationMode): Promise<Database> {
  await onSite(url, async (connection) => {
    await checkDurability(connection);
    if (mode === "migrate") await migrateMongodb(connection);
    else checkSchema(await mongodbSchema(connection), mode);
  });
  const stores = new ReconnectingClient(() => createMongoConnection(url, LATER_MS), storesOn);
  // Whoever asks whether the database is there does not wait behind others.
  const pings = new ReconnectingClient(
    () => createMongoConnection(url, LATER_MS, { maxPoolSize: 1 }),
    (connection) => () => connection.reading(() => connection.db.command({ ping: 1 })),
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
  const { upkeep, ...followedStores } = delegateTo(() => stores.use);
  return {
    kind: "mongodb",
    ...followedStores,
    ledgerShards: LANES,
    deleteExpired: upkeep.deleteExpired,
    ping: async () => {
      await pings.use();
    },
    abortInFlight: async () => {
      for (const each of all) each.abortInFlight();
    },
    close,
  };
}

/** Runs `work` on a connection of its own. @throws DatabaseUnavailable */
async function onSite<Result>(url: string, work: (connection: MongoConnection) => Promise<Result>): Promise<Result> {
  const connection = createMongoConnection(url, AT_START_MS);
  try {
    await connection.client.connect();
    return await work(connection);
  } catch (error) {
    checkInitiated(connection, error);
    return afterConnectionLoss("nothing written")(error);
  } finally {
    await connection.client.close().catch(() => undefined);
  }
}

/** Brings the collections up to date. @throws as `openMongodb` */
export const migrateMongodbAt = (url: string): Promise<Migrated> =>
  onSite(url, async (connection) => {
    await checkDurability(connection);
    return migrateMongodb(connection);
  });

/** What can be said of the server and the collections. @throws DatabaseUnavailable */
export const inspectMongodb = (url: string): Promise<Inspection> =>
  onSite(url, async (connection) => {
    const schema = await mongodbSchema(connection);
    const { version } = await connection.db.command({ buildInfo: 1 });
    const before = Date.now();
    const { localTime } = await connection.db.command({ hello: 1, ...queryLimits });
    const half = (Date.now() - before) / 2;
    return {
      kind: "mongodb",
      version: String(version),
      schema,
      clockAheadMs: Math.round(localTime.getTime() - before - half),
      unsafe: await unsafeSettings(connection),
    };
  });
