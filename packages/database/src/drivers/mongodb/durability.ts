import { type Document, MongoServerSelectionError } from "mongodb";
import { UnsafeDatabaseSettings } from "../../schema/durability.ts";
import { type MongoConnection, queryLimits } from "./connection.ts";

/** MongoDB 7.0. */
const OLDEST_WIRE_VERSION = 21;

const UNAUTHORIZED = 13;
const COMMAND_NOT_FOUND = 59;

/** What the server says to an administrator; undefined where this user may not ask. */
async function asked(connection: MongoConnection, command: Document): Promise<Document | undefined> {
  try {
    return await connection.client.db("admin").command({ ...command, ...queryLimits });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === UNAUTHORIZED || code === COMMAND_NOT_FOUND) return undefined;
    throw error;
  }
}

/**
 * Why this server cannot be trusted with money, each reason with its mend, one to a line; undefined when it can. What a
 * write waits for, and what a read may see, Jifen says with each of them, so the server's defaults do not matter.
 */
export async function unsafeSettings(connection: MongoConnection): Promise<string | undefined> {
  const open = { address: addressOf(connection), hello: await connection.db.command({ hello: 1, ...queryLimits }) };
  // A server that runs alone has nothing to say of replicas.
  const reason = reasonsAgainst({ ...open, replicas: undefined, status: undefined });
  if (reason !== undefined) return reason;
  return reasonsAgainst({
    ...open,
    replicas: await asked(connection, { replSetGetConfig: 1 }),
    status: await asked(connection, { serverStatus: 1, repl: 0, metrics: 0, locks: 0 }),
  });
}

/** What a server has said of itself. */
export type Said = {
  /** Where it is, as `mongosh` takes it. */
  readonly address: string;
  readonly hello: Document;
  readonly replicas: Document | undefined;
  readonly status: Document | undefined;
};

/** The same, from what the server has said. */
export function reasonsAgainst({ address, hello, replicas, status }: Said): string | undefined {
  // A member of a replica set has its name, a router of a sharded cluster says so.
  if (!hello["setName"] && hello["msg"] !== "isdbgrid") return standalone(address);
  const reasons: string[] = [];
  if (Number(hello["maxWireVersion"]) < OLDEST_WIRE_VERSION)
    reasons.push("The server is older than MongoDB 7.0: upgrade it.");
  if (replicas?.["config"]?.writeConcernMajorityJournalDefault === false) reasons.push(withoutJournal);
  if (status?.["storageEngine"]?.persistent === false) {
    reasons.push("storageEngine keeps nothing on disk: start mongod with --storageEngine wiredTiger.");
  }
  return reasons.length === 0 ? undefined : reasons.join("\n");
}

const addressOf = ({ client }: MongoConnection): string => client.options.hosts.join();

const initiate = (address: string) => `run once: mongosh ${address} --eval 'rs.initiate()'`;

const standalone = (address: string) =>
  "mongod runs alone, and has transactions only as a replica set, of one member at least: start it with --replSet rs0 " +
  `(in mongod.conf: replication.replSetName: rs0), then ${initiate(address)}`;

const withoutJournal =
  "writeConcernMajorityJournalDefault is false, so that a majority may forget what it acknowledged: in mongosh run " +
  "cfg = rs.conf(); cfg.writeConcernMajorityJournalDefault = true; rs.reconfig(cfg)";

/**
 * A member that was given the name of a set, and of whom no set knows yet, is nobody's primary.
 * @throws UnsafeDatabaseSettings
 */
export function checkInitiated(connection: MongoConnection, error: unknown): void {
  if (!(error instanceof MongoServerSelectionError)) return;
  const members = [...(error.reason?.servers.values() ?? [])];
  if (members.length === 0 || members.some(({ type }) => type !== "RSGhost")) return;
  throw new UnsafeDatabaseSettings(`MongoDB is not yet a replica set: ${initiate(addressOf(connection))}`);
}

/** @throws UnsafeDatabaseSettings */
export async function checkDurability(connection: MongoConnection): Promise<void> {
  const unsafe = await unsafeSettings(connection);
  if (unsafe === undefined) return;
  const lines = unsafe.replaceAll(/^/gm, "  ");
  throw new UnsafeDatabaseSettings(`MongoDB could lose writes that it acknowledged.\n${lines}`);
}
