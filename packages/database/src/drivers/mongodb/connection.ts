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
import { UnsupportedDatabaseUrl } from "../../url.ts";
import { InFlight } from "./in-flight.ts";
import { APP_NAME, createOrphanCleaner } from "./orphaned-transactions.ts";

/** Documents of any kind. The types of the driver know no ids but those that it makes itself. */
type Documents = Collection<Document[string]>;

/** A connection to one database. */
export type MongoConnection = {
  readonly client: MongoClient;
  readonly db: Db;
  /** Sessions whose last transaction may still be open on the server. */
  readonly orphanedSessions: ClientSession[];
  /** Ends what processes that are gone have left open. Not more often than is good. */
  abortOrphanedTransactions(): Promise<void>;
  /** Documents by the name of their collection. */
  collection(name: string): Documents;
  /** Those who wait for the server. */
  readonly inFlight: InFlight;
  /** Asks what changes nothing. @throws DatabaseUnavailable */
  reading<Result>(ask: () => Promise<Result>): Promise<Result>;
  /** Writes what commits by itself. @throws DatabaseUnavailable, OutcomeUnknown */
  writing<Result>(write: () => Promise<Result>): Promise<Result>;
};

/** Acknowledged means: in the journals of a majority. Whatever the URL or the server's defaults say. */
export const durableWriteConcern = { w: "majority", journal: true, wtimeoutMS: 5_000 } as const;

/** No question runs for longer on the server. */
export const queryLimits = { maxTimeMS: 5_000 } as const;

/**
 * Every wait has an end: for a primary, for a connection, for an answer.
 *
 * Reads are sent a second time when the wire breaks. Single writes are not: when the second time finds no server, the driver
 * says only that, and no longer that the first may have arrived. Who asks again under the same key does it safely.
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
 * Everything that is asked goes to the primary and shows what no failover takes back.
 * @param findsServerWithinMs how long a question waits for a primary before it says that there is none
 * @param more.monitorCommands whether whoever listens hears of every command
 * @param more.maxPoolSize how many connections it has at most
 * @throws UnsupportedDatabaseUrl
 */
export function createMongoConnection(
  url: string,
  findsServerWithinMs: number,
  more: Pick<MongoClientOptions, "monitorCommands" | "maxPoolSize"> = {},
): MongoConnection {
  const client = createClient(url, { ...more, serverSelectionTimeoutMS: findsServerWithinMs });
  const { readPreference, readConcern, writeConcern } = options;
  const db = client.db(undefined, { readPreference, readConcern, writeConcern });
  const inFlight = new InFlight(client);
  return {
    client,
    db,
    orphanedSessions: [],
    abortOrphanedTransactions: createOrphanCleaner(client),
    collection: (name) => db.collection(name),
    inFlight,
    reading: (ask) => inFlight.reading(ask),
    writing: (write) => inFlight.writing(write),
  };
}

function createClient(url: string, more: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, { ...options, ...more });
  } catch (error) {
    // The driver names the option, and never the password.
    if (error instanceof MongoParseError) throw new UnsupportedDatabaseUrl(`is not a valid URL: ${error.message}`);
    throw error;
  }
}
