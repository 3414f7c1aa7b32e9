import { userId } from "@jifen/core";
import type { WriteSet } from "@jifen/ledger";
import type { ClientSession, Document } from "mongodb";
import type { User, UserStore } from "../../../stores/users.ts";
import { accountDocument, entryDocument, fromFields, grantDocument, stored, toFields } from "../documents.ts";
import { isUniqueViolation } from "../failure.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { withAuditEvent } from "./audit-log.ts";
import { isAnAdminLeft } from "./last-admin.ts";
import { consumeLink } from "./links.ts";

/** What a user is before anything has happened to it. */
const untouched = { tokenVersion: 1, sessionsEndedAtMs: 0, suspendedAtMs: null, deletedAtMs: null };

/** Above every text that begins with another. */
const LAST = "\u{10FFFF}";

/** Users on MongoDB. */
export function createUserStore(connection: MongoConnection): UserStore {
  const users = connection.collection("users");
  const ended = connection.collection("ended_tokens");
  return {
    find: async (id) => {
      const found = await connection.reading(() => users.findOne({ _id: id }, queryLimits));
      return found ? toUser(found) : undefined;
    },

    findMany: async (ids) => {
      const found = await connection.reading(() => users.find({ _id: { $in: ids } }, queryLimits).toArray());
      return found.map(toUser);
    },

    list: async ({ prefix = "", role }, { limit, before }) => {
      const found = await connection.reading(() =>
        users
          .find(
            {
              $and: [
                { _id: { $gte: prefix, $lt: prefix + LAST } },
                ...(before === undefined ? [] : [{ _id: { $gt: before } }]),
              ],
              ...toFields({ role }),
              deleted_at_ms: null,
            },
            queryLimits,
          )
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toUser);
    },

    isEmpty: async (role) => {
      const anybody = await connection.reading(() =>
        users.findOne({ ...toFields({ role }), deleted_at_ms: null }, { projection: { _id: 1 }, ...queryLimits }),
      );
      return anybody === null;
    },

    create: async ({ user: { id, ...user }, firstGrant, event, link }) => {
      try {
        return await withAuditEvent(connection, event, async (session) => {
          if (link && !(await consumeLink(connection, session, link))) return false;
          await users.insertOne({ _id: id, ...toFields({ ...user, ...untouched }) }, { session });
          await writeGrant(connection, session, firstGrant);
          return true;
        });
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    change: ({ id, set, endsSessionsAtMs, leavesAnAdmin, event, link }) =>
      withAuditEvent(connection, event, async (session) => {
        if (link && !(await consumeLink(connection, session, link))) return false;
        if (leavesAnAdmin && !(await isAnAdminLeft(connection, session, { id, ...leavesAnAdmin }))) return false;
        const where = { _id: id, deleted_at_ms: null };
        const ending = endsSessionsAtMs !== undefined;
        const fields = { ...toFields(set), ...(ending && { sessions_ended_at_ms: stored(endsSessionsAtMs) }) };
        // Some events are about a user and change nothing.
        if (Object.keys(fields).length === 0) return (await users.findOne(where, { session })) !== null;
        const update = { $set: fields, ...(ending && { $inc: { token_version: 1n } }) };
        return (await users.updateOne(where, update, { session })).matchedCount === 1;
      }),

    endToken: async ({ userId: id, jti, expiresAtMs }, nowMs) => {
      const note = async () => {
        await ended.deleteMany({ user_id: id, expires_at_ms: { $lt: stored(nowMs) } });
        const token = toFields({ userId: id, expiresAtMs });
        await ended.updateOne({ _id: { user_id: id, jti } }, { $setOnInsert: token }, { upsert: true });
      };
      await connection.writing(note);
    },

    endedTokens: async (ids) => {
      const found = await connection.reading(() => ended.find({ user_id: { $in: [...ids] } }, queryLimits).toArray());
      const byUser = Map.groupBy(found, (token) => userId(token["user_id"]));
      return new Map([...byUser].map(([id, tokens]) => [id, new Set(tokens.map(({ _id }) => String(_id["jti"])))]));
    },
  };
}

const toUser = (found: Document): User => ({ ...fromFields<Omit<User, "id">>(found), id: userId(found["_id"]) });

async function writeGrant(connection: MongoConnection, session: ClientSession, writeSet: WriteSet): Promise<void> {
  const all = [
    ["accounts", writeSet.accountsOpened.map(accountDocument)],
    ["grants", writeSet.grantsAdded.map(grantDocument)],
    ["transactions", writeSet.entries.map(entryDocument)],
  ] as const;
  for (const [name, rows] of all)
    if (rows.length > 0) await connection.collection(name).insertMany([...rows], { session });
}
