import { type Document, Long, MongoClient } from "mongodb";
import type { RawDatabase } from "./raw-database.ts";
import { toRows } from "./rows.ts";

/** A prefix condition that an index can answer, because ids compare byte by byte. */
const startingWith = (path: string, prefix: string): Document => ({ [path]: { $regex: `^${prefix}` } });

/** Subtracts from these times; null stays null. */
const subtractFrom = (byMs: number, ...names: readonly string[]): Document[] => [
  { $set: Object.fromEntries(names.map((name) => [name, { $subtract: [`$${name}`, Long.fromNumber(byMs)] }])) },
];

/** Direct access by MongoDB's driver. */
export async function openRawMongodbDatabase(url: string): Promise<RawDatabase> {
  const client = new MongoClient(url);
  await client.connect();
  const db = client.db();
  const collection = (name: string) => db.collection<Document[string]>(name);
  return {
    read: (prefix) =>
      client.withSession({ snapshot: true }, async (session) => {
        const find = (name: string, where: Document, by: Document) =>
          collection(name).find(where, { session }).sort(by).toArray();
        const ofAccount = startingWith("account_id", prefix);
        const accounts = await find("accounts", startingWith("_id", prefix), { _id: 1 });
        const grants = await find("grants", ofAccount, { _id: 1 });
        const holds = await find("holds", ofAccount, { _id: 1 });
        const journal = await find("transactions", ofAccount, { account_id: 1, sequence: 1 });
        return toRows({
          accounts: accounts.map((found) => ({ ...found, id: found["_id"] })),
          // The rest of the key is in `_id`.
          grants: grants.map((found) => ({ ...found, ...found["_id"] })),
          holds: holds.map((found) => ({ ...found, ...found["_id"] })),
          journal: journal.map((found) => ({ ...found, ...found["_id"] })),
        });
      }),
    readExtraRows: async (prefix) => {
      const rows = await collection("audit_events").find(startingWith("actor", prefix)).toArray();
      return rows.map((row) => ({ id: row["_id"], account: row["actor"], entryId: row["subject"] }));
    },
    readStaffEvents: async (prefix) => {
      const where = { ...startingWith("subject", prefix), action: { $regex: "^credits\\." } };
      const rows = await collection("audit_events").find(where).toArray();
      return rows.map((row) => ({
        ...{ id: row["_id"], actor: row["actor"], subject: row["subject"], requestId: row["request_id"] },
      }));
    },
    shiftTimes: async (prefix, byMs) => {
      const due = { ...startingWith("_id", prefix), next_due_ms: { $ne: null } };
      await collection("accounts").updateMany(due, subtractFrom(byMs, "next_due_ms"));
      const ofAccount = startingWith("account_id", prefix);
      const names = ["created_at_ms", "expires_at_ms"] as const;
      await collection("grants").updateMany(ofAccount, subtractFrom(byMs, ...names));
      await collection("holds").updateMany(ofAccount, subtractFrom(byMs, ...names, "resolved_at_ms"));
    },
    addUsers: async (emails, passwordHash) => {
      const fields = { name: "Test user", password_hash: passwordHash, role: "user", token_version: Long.ONE };
      const times = { sessions_ended_at_ms: Long.ZERO, suspended_at_ms: null, deleted_at_ms: null };
      const users = emails.map((email) => ({ _id: email, email, ...fields, ...times, created_at_ms: Long.ZERO }));
      await collection("users").insertMany(users);
    },
    // `$$NOW` is the clock that the ledger uses. Another clock of the server is some milliseconds ahead of it.
    nowMs: async () => {
      const [found] = await db.aggregate([{ $documents: [{ now: "$$NOW" }] }]).toArray();
      return Number(found?.["now"]);
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
