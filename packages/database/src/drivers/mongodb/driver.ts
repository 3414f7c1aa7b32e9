import { DatabaseUnavailable } from "@jifen/ledger";
import type { LogBackend } from "../../logs/log-backend.ts";
import { createLogStore, type LogStore } from "../../logs/log-store.ts";
import { createPollingChannel } from "../../notices/polling-channel.ts";
import { createMongodbRecords } from "../../records/mongodb-records.ts";
import { type Inspection, measureClockAheadMs } from "../../schema/inspection.ts";
import type { Migrated } from "../../schema/migrated.ts";
import { prepareSchema } from "../../schema/schema-state.ts";
import type { Database } from "../../stores/database.ts";
import type { PoolUse } from "../../stores/pool-use.ts";
import { createStores } from "../../stores/stores.ts";
import { type StoreSet, wrapStores } from "../../stores/wrap-stores.ts";
import type { OpenOptions } from "../driver.ts";
import { createMongodbTotalReads } from "./all-accounts-reads.ts";
import { createMongodbAuditReads } from "./audit-reads.ts";
import { createMongodbAddCount } from "./counters.ts";
import { checkDurability, checkInitiated, unsafeSettings } from "./durability.ts";
import { afterConnectionLoss } from "./failure.ts";
import { createMongodbLedgerStore } from "./ledger-store.ts";
import { createMongodbLogBackend, onCurrent } from "./logs/log-backend.ts";
import { schemaOf } from "./migrate.ts";
import { createMongodbMissingRights } from "./missing-rights.ts";
import { createMongoConnection, type MongoConnection, queryLimits } from "./pool.ts";
import { ReconnectingClient } from "./reconnecting-client.ts";
import { createMongodbReferenceReads } from "./reference-reads.ts";
import { createMongodbSpendReads } from "./spend-reads.ts";
import { createMongodbStatementReads } from "./statement-reads.ts";
import { createMongodbTableCopier } from "./table-copier.ts";

/** How many batches one process commits concurrently: most of a commit is waiting for other machines. */
const LEDGER_SHARDS = 4;

/** Two batches of one process would conflict: they add to the same sums. */
const LOG_LANES = 1;

/** How long to wait for a primary. During start-up there is time; later, a caller waits for its answer. */
const START_TIMEOUT_MS = 5_000;
const CALL_TIMEOUT_MS = 1_500;

/** Opens MongoDB with two pools: one for all stores and one for pings. */
export async function open(url: string, { mode, onMigrated, logs }: OpenOptions): Promise<Database> {
  await withConnection(url, async (connection) => {
    await checkDurability(connection);
    await prepareSchema(schemaOf(connection), { mode, onMigrated });
  });
  return openStores(url, logs);
}

function storesOn(connection: MongoConnection, logs: LogStore): StoreSet {
  const records = createMongodbRecords(connection);
  return {
    ...createStores(records, {
      addCount: createMongodbAddCount(connection),
      auditReads: createMongodbAuditReads(connection),
      missingRights: createMongodbMissingRights(connection),
      spendReads: createMongodbSpendReads(connection),
      allAccountsReads: createMongodbTotalReads(connection),
      statementReads: createMongodbStatementReads(connection),
      referenceReads: createMongodbReferenceReads(records),
    }),
    tableCopier: createMongodbTableCopier(connection),
    ledger: createMongodbLedgerStore(connection, LEDGER_SHARDS),
    logs,
  };
}

/** What is built on one connection pool. */
type OnConnection = { readonly stores: StoreSet; readonly logBackend: LogBackend; readonly use: () => PoolUse };

async function openStores(url: string, options: OpenOptions["logs"]): Promise<Database> {
  // Logs that wait for a commit without an answer are sent again on the connection that replaces it.
  const logs = createLogStore(
    onCurrent(() => client.current.logBackend),
    { ...options, lanes: LOG_LANES },
  );
  const client: ReconnectingClient<OnConnection> = new ReconnectingClient(
    () => createMongoConnection(url, CALL_TIMEOUT_MS),
    (connection) => ({
      ...{ stores: storesOn(connection, logs), logBackend: createMongodbLogBackend(connection) },
      use: connection.use,
    }),
  );
  // A ping must not wait for a connection behind other calls.
  const pingClient = new ReconnectingClient(
    () => createMongoConnection(url, CALL_TIMEOUT_MS, { maxPoolSize: 1 }),
    (connection) => () => connection.reading(() => connection.db.command({ ping: 1 })),
  );
  const clients = [client, pingClient];
  const notices = createPollingChannel();
  const close = async () => {
    await Promise.all([...clients.map((each) => each.close()), notices.close()]);
  };
  try {
    await Promise.all(clients.map((each) => each.connect()));
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return {
    kind: "mongodb",
    // Each call goes to the stores on the present connection pool.
    ...wrapStores(
      client.current.stores,
      (_, callIn) =>
        (...args) =>
          callIn(client.current.stores)(...args),
    ),
    ledgerShards: LEDGER_SHARDS,
    notices,
    poolUse: () => ({ all: client.current.use() }),
    ping: async () => {
      await pingClient.current();
    },
    abortInFlight: async () => {
      for (const each of clients) each.abortInFlight();
    },
    close,
  };
}

/** Runs `work` on a pool of its own and closes it. @throws DatabaseUnavailable, UnsafeDatabaseSettings */
async function withConnection<Result>(
  url: string,
  work: (connection: MongoConnection) => Promise<Result>,
): Promise<Result> {
  const connection = createMongoConnection(url, START_TIMEOUT_MS);
  try {
    await connection.client.connect().catch((cause: unknown) => {
      checkInitiated(connection, cause);
      throw new DatabaseUnavailable("the database cannot be reached", { cause });
    });
    return await work(connection);
  } catch (error) {
    checkInitiated(connection, error);
    return afterConnectionLoss("nothing written")(error);
  } finally {
    await connection.client.close().catch(() => undefined);
  }
}

/** Runs the pending migrations. @throws as `open` */
export const migrate = (url: string): Promise<Migrated> =>
  withConnection(url, async (connection) => {
    await checkDurability(connection);
    return schemaOf(connection).migrate();
  });

/** Reads the version, the schema state, the clock and the settings of the server. @throws DatabaseUnavailable */
export const inspect = (url: string): Promise<Inspection> =>
  withConnection(url, async (connection) => {
    const schema = await schemaOf(connection).read();
    const { version } = await connection.db.command({ buildInfo: 1 });
    const clockAheadMs = await measureClockAheadMs(async () => {
      const { localTime } = await connection.db.command({ hello: 1, ...queryLimits });
      return localTime.getTime();
    });
    return {
      kind: "mongodb",
      version: String(version),
      schema,
      clockAheadMs,
      unsafe: await unsafeSettings(connection),
    };
  });
