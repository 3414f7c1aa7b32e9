import { type Document, Long, MongoClient } from "mongodb";
import type { Books } from "./books.ts";
import { toRows } from "./rows.ts";

/** Ids compare byte by byte; what a regular expression finds here, an index has. */
const startingWith = (path: string, prefix: string): Document => ({ [path]: { $regex: `^${prefix}` } });

/** Moves these moments; what is null stays so. */
const earlier = (byMs: number, ...names: readonly string[]): Document[] => [
  { $set: Object.fromEntries(names.map((name) => [name, { $subtract: [`$${name}`, Long.fromNumber(byMs)] }])) },
];

/** The books by MongoDB's own driver. */
export async function openMongodbBooks(url: string): Promise<Books> {
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
          // The rest of the key is in the `_id`.
          grants: grants.map((found) => ({ ...found, ...found["_id"] })),
          holds: holds.map((found) => ({ ...found, ...found["_id"] })),
          journal: journal.map((found) => ({ ...found, ...found["_id"] })),
        });
      }),
    age: async (prefix, byMs) => {
      const due = { ...startingWith("_id", prefix), next_due_ms: { $ne: null } };
      await collection("accounts").updateMany(due, earlier(byMs, "next_due_ms"));
      const ofAccount = startingWith("account_id", prefix);
      const names = ["created_at_ms", "expires_at_ms"] as const;
      await collection("grants").updateMany(ofAccount, earlier(byMs, ...names));
      await collection("holds").updateMany(ofAccount, earlier(byMs, ...names, "resolved_at_ms"));
    },
    addPeople: async (emails, passwordHash) => {
      const person = { name: "somebody", password_hash: passwordHash, role: "user", token_version: Long.ONE };
      const never = { sessions_ended_at_ms: Long.ZERO, suspended_at_ms: null, deleted_at_ms: null };
      const people = emails.map((email) => ({ _id: email, email, ...person, ...never, created_at_ms: Long.ZERO }));
      await collection("users").insertMany(people);
    },
    // The clock by which the ledger decides: another one that the server has is a few milliseconds ahead of it.
    nowMs: async () => {
      const [found] = await db.aggregate([{ $documents: [{ now: "$$NOW" }] }]).toArray();
      return Number(found?.["now"]);
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
