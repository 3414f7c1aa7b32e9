import {
  type ClientSession,
  type Collection,
  type Db,
  type Document,
  MongoClient,
  type MongoClientOptions,
  MongoParseError,
  ReadConcern,
} from "mongodb";
import type { PoolUse } from "../../stores/pool-use.ts";
import { UnsupportedDatabaseUrl } from "../../url.ts";
import { countConnections } from "./count-connections.ts";
import { InFlight } from "./in-flight.ts";
import { APP_NAME, createOrphanCleaner } from "./orphaned-transactions.ts";

/** Documents of any kind. The types of the driver only know ids that the driver generates. */
type Documents = Collection<Document[string]>;

/** A connection pool to one database. */
export type MongoConnection = {
  readonly client: MongoClient;
  readonly db: Db;
  /** Sessions whose last transaction may still be open on the server. */
  readonly orphanedSessions: ClientSession[];
  /** Aborts transactions that dead processes have left open, at a limited rate. */
  abortOrphanedTransactions(): Promise<void>;
  /** A collection by its name. */
  collection(name: string): Documents;
  /** How busy the connections are. */
  use(): PoolUse;
  /** The calls that wait for the server. */
  readonly inFlight: InFlight;
  /** Runs a call that only reads. @throws DatabaseUnavailable */
  reading<Result>(read: () => Promise<Result>): Promise<Result>;
  /** Runs a write outside a transaction. @throws DatabaseUnavailable, OutcomeUnknown */
  writing<Result>(write: () => Promise<Result>): Promise<Result>;
};

/** Acknowledged after it is in the journals of a majority, whatever the URL or the defaults of the server say. */
export const durableWriteConcern = { w: "majority", journal: true, wtimeoutMS: 5_000 } as const;

/** Limits the time that a read runs on the server. */
export const queryLimits = { maxTimeMS: 5_000 } as const;

/**
 * Every wait has a timeout: for a primary, for a connection, for an answer.
 *
 * The driver retries reads after a connection loss. It must not retry single writes: when the retry finds no server, its
 * error no longer says that the first attempt may have arrived. The caller retries with the same idempotency key instead.
 */
const options = {
  appName: APP_NAME,
  connectTimeoutMS: 3_000,
  socketTimeoutMS: 8_000,
  waitQueueTimeoutMS: 3_000,
  maxIdleTimeMS: 60_000,
  maxPoolSize: 24,
  retryReads: true,
  retryWrites: false,
  compressors: "none",
  readPreference: "primary",
  readConcern: new ReadConcern("majority"),
  writeConcern: durableWriteConcern,
  w: durableWriteConcern.w,
  journal: durableWriteConcern.journal,
  wtimeoutMS: durableWriteConcern.wtimeoutMS,
} as const;

/**
 * Creates a pool. Every call goes to the primary and reads only data that no failover can roll back.
 * @param serverSelectionTimeoutMS how long a call waits for a primary
 * @param more.monitorCommands whether the client emits an event for each command
 * @param more.maxPoolSize the maximum number of connections
 * @throws UnsupportedDatabaseUrl
 */
export function createMongoConnection(
  url: string,
  serverSelectionTimeoutMS: number,
  more: Pick<MongoClientOptions, "monitorCommands" | "maxPoolSize"> = {},
): MongoConnection {
  const client = createClient(url, { ...more, serverSelectionTimeoutMS });
  const { readPreference, readConcern, writeConcern } = options;
  const db = client.db(undefined, { readPreference, readConcern, writeConcern });
  const inFlight = new InFlight(client);
  return {
    client,
    db,
    orphanedSessions: [],
    abortOrphanedTransactions: createOrphanCleaner(client),
    collection: (name) => db.collection(name),
    use: countConnections(client),
    inFlight,
    reading: (read) => inFlight.reading(read),
    writing: (write) => inFlight.writing(write),
  };
}

function createClient(url: string, more: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, { ...options, ...more });
  } catch (error) {
    // The message of the driver names the option and never the password.
    if (error instanceof MongoParseError) throw new UnsupportedDatabaseUrl(`is not a valid URL: ${error.message}`);
    throw error;
  }
}
