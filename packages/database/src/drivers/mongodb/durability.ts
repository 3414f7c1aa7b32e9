import { type Document, MongoServerSelectionError } from "mongodb";
import { assertDurable, UnsafeDatabaseSettings } from "../../schema/durability.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";

/** MongoDB 7.0. */
const OLDEST_WIRE_VERSION = 21;

const UNAUTHORIZED = 13;
const COMMAND_NOT_FOUND = 59;

/** Runs an administrative command; undefined when this user may not run it. */
async function runAdminCommand(connection: MongoConnection, command: Document): Promise<Document | undefined> {
  try {
    return await connection.client.db("admin").command({ ...command, ...queryLimits });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === UNAUTHORIZED || code === COMMAND_NOT_FOUND) return undefined;
    throw error;
  }
}

/**
 * Settings that can lose acknowledged writes, each with its correction, one a line; undefined when there are none. Jifen
 * sends the write concern and the read concern with each command, so the defaults of the server do not matter.
 */
export async function unsafeSettings(connection: MongoConnection): Promise<string | undefined> {
  const hello = await connection.db.command({ hello: 1, ...queryLimits });
  const basic = { address: addressOf(connection), hello };
  // A standalone server does not support the commands below.
  const unsafe = findUnsafeSettings({ ...basic, replicas: undefined, status: undefined });
  if (unsafe !== undefined) return unsafe;
  return findUnsafeSettings({
    ...basic,
    replicas: await runAdminCommand(connection, { replSetGetConfig: 1 }),
    status: await runAdminCommand(connection, { serverStatus: 1, repl: 0, metrics: 0, locks: 0 }),
  });
}

/** What a server reports about itself. */
export type ServerReport = {
  /** The address in the form that `mongosh` accepts. */
  readonly address: string;
  readonly hello: Document;
  readonly replicas: Document | undefined;
  readonly status: Document | undefined;
};

/** Finds the unsafe settings in the report of a server. */
export function findUnsafeSettings({ address, hello, replicas, status }: ServerReport): string | undefined {
  // A member of a replica set reports its name, a router of a sharded cluster reports "isdbgrid".
  if (!hello["setName"] && hello["msg"] !== "isdbgrid") return standalone(address);
  const unsafe: string[] = [];
  if (Number(hello["maxWireVersion"]) < OLDEST_WIRE_VERSION)
    unsafe.push("The server is older than MongoDB 7.0: upgrade it.");
  if (replicas?.["config"]?.writeConcernMajorityJournalDefault === false) unsafe.push(withoutJournal);
  if (status?.["storageEngine"]?.persistent === false) {
    unsafe.push("storageEngine keeps nothing on disk: start mongod with --storageEngine wiredTiger.");
  }
  return unsafe.length === 0 ? undefined : unsafe.join("\n");
}

const addressOf = ({ client }: MongoConnection): string => client.options.hosts.join();

const initiate = (address: string) => `run once: mongosh ${address} --eval 'rs.initiate()'`;

const standalone = (address: string) =>
  "mongod runs standalone and has no transactions; Jifen needs a replica set of at least one member: start it with " +
  `--replSet rs0 (in mongod.conf: replication.replSetName: rs0), then ${initiate(address)}`;

const withoutJournal =
  "writeConcernMajorityJournalDefault is false, so that a majority can lose what it acknowledged: in mongosh run " +
  "cfg = rs.conf(); cfg.writeConcernMajorityJournalDefault = true; rs.reconfig(cfg)";

/**
 * Refuses a server that was started with the name of a replica set but never initiated: it has no primary.
 * @throws UnsafeDatabaseSettings
 */
export function checkInitiated(connection: MongoConnection, error: unknown): void {
  if (!(error instanceof MongoServerSelectionError)) return;
  const members = [...(error.reason?.servers.values() ?? [])];
  if (members.length === 0 || members.some(({ type }) => type !== "RSGhost")) return;
  throw new UnsafeDatabaseSettings(`MongoDB is not yet a replica set: ${initiate(addressOf(connection))}`);
}

/** @throws UnsafeDatabaseSettings */
export const checkDurability = async (connection: MongoConnection): Promise<void> =>
  assertDurable("MongoDB", await unsafeSettings(connection));
