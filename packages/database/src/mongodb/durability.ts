import type { Document } from "mongodb";
import { UnsafeDatabaseSettings } from "../durability.ts";
import { bounded, type Site } from "./site.ts";

/** MongoDB 7.0. */
const OLDEST_WIRE_VERSION = 21;

const UNAUTHORIZED = 13;
const COMMAND_NOT_FOUND = 59;

/** What the server says to an administrator; undefined where this user may not ask. */
async function asked(site: Site, command: Document): Promise<Document | undefined> {
  try {
    return await site.client.db("admin").command({ ...command, ...bounded });
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
export async function unsafeSettings(site: Site): Promise<string | undefined> {
  return reasonsAgainst({
    hello: await site.db.command({ hello: 1, ...bounded }),
    replicas: await asked(site, { replSetGetConfig: 1 }),
    status: await asked(site, { serverStatus: 1, repl: 0, metrics: 0, locks: 0 }),
  });
}

/** What a server has said of itself. */
export type Said = {
  readonly hello: Document;
  readonly replicas: Document | undefined;
  readonly status: Document | undefined;
};

/** The same, from what the server has said. */
export function reasonsAgainst({ hello, replicas, status }: Said): string | undefined {
  // A member of a replica set has its name, a router of a sharded cluster says so.
  if (!hello["setName"] && hello["msg"] !== "isdbgrid") return standalone;
  const reasons: string[] = [];
  if (Number(hello["maxWireVersion"]) < OLDEST_WIRE_VERSION)
    reasons.push("The server is older than MongoDB 7.0: upgrade it.");
  if (replicas?.["config"]?.writeConcernMajorityJournalDefault === false) reasons.push(withoutJournal);
  if (status?.["storageEngine"]?.persistent === false) {
    reasons.push("storageEngine keeps nothing on disk: start mongod with --storageEngine wiredTiger.");
  }
  return reasons.length === 0 ? undefined : reasons.join("\n");
}

const standalone =
  "mongod runs alone, and has transactions only as a replica set, of one member at least: " +
  "start it with --replSet rs0 (in mongod.conf: replication.replSetName: rs0), then run once: mongosh --eval 'rs.initiate()'";

const withoutJournal =
  "writeConcernMajorityJournalDefault is false, so that a majority may forget what it acknowledged: in mongosh run " +
  "cfg = rs.conf(); cfg.writeConcernMajorityJournalDefault = true; rs.reconfig(cfg)";

/** @throws UnsafeDatabaseSettings */
export async function checkDurability(site: Site): Promise<void> {
  const unsafe = await unsafeSettings(site);
  if (unsafe === undefined) return;
  const lines = unsafe.replaceAll(/^/gm, "  ");
  throw new UnsafeDatabaseSettings(`MongoDB could lose writes that it acknowledged.\n${lines}`);
}
