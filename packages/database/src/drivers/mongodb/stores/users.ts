import { userId } from "@jifen/core";
import type { Changes } from "@jifen/ledger";
import type { ClientSession, Document } from "mongodb";
import type { User, UserStore } from "../../../stores/users.ts";
import { bounded, type Site } from "../connection.ts";
import { accountDocument, fromFields, grantDocument, stored, toFields, transactionDocument } from "../documents.ts";
import { isUniqueViolation } from "../failure.ts";
import { changeAndNote } from "./audit-log.ts";
import { isAnotherAdminLeft } from "./last-admin.ts";
import { useUp } from "./links.ts";

/** What a user is before anything has happened to it. */
const untouched = { tokenVersion: 1, sessionsEndedAtMs: 0, suspendedAtMs: null, deletedAtMs: null };

/** Above every text that begins with another. */
const LAST = "\u{10FFFF}";

/** Users on MongoDB. */
export function createUserStore(site: Site): UserStore {
  const users = site.collection("users");
  const ended = site.collection("ended_tokens");
  return {
    find: async (id) => {
      const found = await site.reading(() => users.findOne({ _id: id }, bounded));
      return found ? toUser(found) : undefined;
    },

    findMany: async (ids) => {
      const found = await site.reading(() => users.find({ _id: { $in: ids } }, bounded).toArray());
      return found.map(toUser);
    },

    list: async ({ prefix = "", role }, { limit, before }) => {
      const found = await site.reading(() =>
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
            bounded,
          )
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toUser);
    },

    isEmpty: async (role) => {
      const anybody = await site.reading(() =>
        users.findOne({ ...toFields({ role }), deleted_at_ms: null }, { projection: { _id: 1 }, ...bounded }),
      );
      return anybody === null;
    },

    create: async ({ user: { id, ...user }, firstGrant, event, link }) => {
      try {
        return await changeAndNote(site, event, async (session) => {
          if (link && !(await useUp(site, session, link))) return false;
          await users.insertOne({ _id: id, ...toFields({ ...user, ...untouched }) }, { session });
          await writeGrant(site, session, firstGrant);
          return true;
        });
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    change: ({ id, set, endsSessionsAtMs, leavesAnAdmin, event, link }) =>
      changeAndNote(site, event, async (session) => {
        if (link && !(await useUp(site, session, link))) return false;
        if (leavesAnAdmin && !(await isAnotherAdminLeft(site, session, { id, ...leavesAnAdmin }))) return false;
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
      await site.writing(note);
    },

    endedTokens: async (ids) => {
      const found = await site.reading(() => ended.find({ user_id: { $in: [...ids] } }, bounded).toArray());
      const byUser = Map.groupBy(found, (token) => userId(token["user_id"]));
      return new Map([...byUser].map(([id, tokens]) => [id, new Set(tokens.map(({ _id }) => String(_id["jti"])))]));
    },
  };
}

const toUser = (found: Document): User => ({ ...fromFields<Omit<User, "id">>(found), id: userId(found["_id"]) });

async function writeGrant(site: Site, session: ClientSession, changes: Changes): Promise<void> {
  const all = [
    ["accounts", changes.accountsOpened.map(accountDocument)],
    ["grants", changes.grantsAdded.map(grantDocument)],
    ["transactions", changes.transactions.map(transactionDocument)],
  ] as const;
  for (const [name, rows] of all) if (rows.length > 0) await site.collection(name).insertMany([...rows], { session });
}
