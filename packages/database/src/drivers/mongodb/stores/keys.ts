import { ok, refuse, type UserId } from "@jifen/core";
import type { Document } from "mongodb";
import type { KeyRefusal, KeyStore, ServiceKey } from "../../../stores/keys.ts";
import { fromFields, stored, toFields } from "../documents.ts";
import { acquireLock } from "../lock-documents.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { withAuditEvent } from "./audit-log.ts";

/** Service keys on MongoDB. */
export function createKeyStore(connection: MongoConnection): KeyStore {
  const keys = connection.collection("service_keys");
  return {
    create: async ({ id, scopes, ...key }, { mostLive, nowMs }, event) => {
      const { ownerId } = key;
      const unused = { previousHash: null, previousUntilMs: null, revokedAtMs: null, lastUsedAtMs: null };
      const document = { _id: id, ...toFields({ ...key, ...unused }), scopes: scopes.join(" ") };
      let notMade: KeyRefusal = { code: "USER_NOT_FOUND" };
      const isMade = await withAuditEvent(connection, event, async (session) => {
        // Two that count at once would both find room; so each takes a turn, and the second begins again after the first.
        await acquireLock(connection, session, `keys of ${ownerId}`);
        const owner = { _id: ownerId, deleted_at_ms: null } as Document;
        if (!(await connection.collection("users").findOne(owner, { session }))) return false;
        notMade = { code: "KEY_LIMIT_REACHED", limit: mostLive };
        if ((await keys.countDocuments(live(ownerId, nowMs), { session })) >= mostLive) return false;
        return (await keys.insertOne(document, { session })).acknowledged;
      });
      return isMade ? ok(undefined) : refuse(notMade);
    },

    findMany: async (ids) => {
      const found = await connection.reading(() => keys.find({ _id: { $in: ids } }, queryLimits).toArray());
      return found.map(toKey);
    },

    list: async (ownerId, { limit, before }) => {
      const created_at_ms = stored(before?.createdAtMs);
      const older = before && [{ created_at_ms: { $lt: created_at_ms } }, { created_at_ms, _id: { $lt: before.id } }];
      const found = await connection.reading(() =>
        keys
          .find({ ...(ownerId !== undefined && { owner_id: ownerId }), ...(older && { $or: older }) }, queryLimits)
          .sort({ created_at_ms: -1, _id: -1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toKey);
    },

    rotate: (id, { secretHash, previousUntilMs }, event) =>
      withAuditEvent(connection, event, async (session) => {
        const live = { _id: id, revoked_at_ms: null };
        const key = await keys.findOne(live, { session });
        if (!key) return false;
        const change = { secretHash, previousHash: String(key["secret_hash"]), previousUntilMs };
        // Another rotation at once makes the whole transaction begin again, on the key as it is by then.
        return (await keys.updateOne(live, { $set: toFields(change) }, { session })).matchedCount === 1;
      }),

    revoke: (id, atMs, event) =>
      withAuditEvent(connection, event, async (session) => {
        const change = { $set: toFields({ revokedAtMs: atMs }) };
        const live = { _id: id, revoked_at_ms: null };
        return (await keys.updateOne(live, change, { session })).matchedCount === 1;
      }),

    recordUses: async (uses) => {
      const updates = [...uses].map(([id, atMs]) => ({
        updateOne: { filter: { _id: id }, update: { $set: toFields({ lastUsedAtMs: atMs }) } },
      }));
      if (updates.length > 0) await connection.writing(() => keys.bulkWrite(updates));
    },
  };
}

/** The keys of an owner that open something. */
const live = (ownerId: UserId, nowMs: number): Document => ({
  owner_id: ownerId,
  revoked_at_ms: null,
  $or: [{ expires_at_ms: null }, { expires_at_ms: { $gt: stored(nowMs) } }],
});

const toKey = (found: Document): ServiceKey => ({
  ...fromFields<Omit<ServiceKey, "id">>(found),
  id: found["_id"],
  scopes: String(found["scopes"]).split(" "),
});
