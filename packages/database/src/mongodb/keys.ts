import type { Document } from "mongodb";
import type { KeyStore, ServiceKey } from "../keys.ts";
import { changeAndNote } from "./audit-log.ts";
import { fromFields, stored, toFields } from "./documents.ts";
import { afterConnectionLoss } from "./failure.ts";
import { bounded, type Site } from "./site.ts";

/** Service keys on MongoDB. */
export function createKeyStore(site: Site): KeyStore {
  const keys = site.collection("service_keys");
  return {
    create: async ({ id, scopes, ...key }, event) => {
      const unused = { previousHash: null, previousUntilMs: null, revokedAtMs: null, lastUsedAtMs: null };
      const document = { _id: id, ...toFields({ ...key, ...unused }), scopes: scopes.join(" ") };
      await changeAndNote(site, event, async (session) => (await keys.insertOne(document, { session })).acknowledged);
    },

    findMany: async (ids) => {
      const found = await keys
        .find({ _id: { $in: ids } }, bounded)
        .toArray()
        .catch(afterConnectionLoss("nothing written"));
      return found.map(toKey);
    },

    list: async (ownerId, { limit, before }) => {
      const created_at_ms = stored(before?.createdAtMs);
      const older = before && [{ created_at_ms: { $lt: created_at_ms } }, { created_at_ms, _id: { $lt: before.id } }];
      const found = await keys
        .find({ ...(ownerId !== undefined && { owner_id: ownerId }), ...(older && { $or: older }) }, bounded)
        .sort({ created_at_ms: -1, _id: -1 })
        .limit(limit)
        .toArray()
        .catch(afterConnectionLoss("nothing written"));
      return found.map(toKey);
    },

    countLive: (ownerId, nowMs) =>
      keys
        .countDocuments(
          {
            owner_id: ownerId,
            revoked_at_ms: null,
            $or: [{ expires_at_ms: null }, { expires_at_ms: { $gt: stored(nowMs) } }],
          },
          bounded,
        )
        .catch(afterConnectionLoss("nothing written")),

    rotate: (id, { secretHash, previousUntilMs }, event) =>
      changeAndNote(site, event, async (session) => {
        const live = { _id: id, revoked_at_ms: null };
        const key = await keys.findOne(live, { session });
        if (!key) return false;
        const change = { secretHash, previousHash: String(key["secret_hash"]), previousUntilMs };
        // Another rotation at once makes the whole transaction begin again, on the key as it is by then.
        return (await keys.updateOne(live, { $set: toFields(change) }, { session })).matchedCount === 1;
      }),

    revoke: (id, atMs, event) =>
      changeAndNote(site, event, async (session) => {
        const change = { $set: toFields({ revokedAtMs: atMs }) };
        const live = { _id: id, revoked_at_ms: null };
        return (await keys.updateOne(live, change, { session })).matchedCount === 1;
      }),

    noteUses: async (uses) => {
      const updates = [...uses].map(([id, atMs]) => ({
        updateOne: { filter: { _id: id }, update: { $set: toFields({ lastUsedAtMs: atMs }) } },
      }));
      if (updates.length > 0) await keys.bulkWrite(updates).catch(afterConnectionLoss("may be written"));
    },
  };
}

const toKey = (found: Document): ServiceKey => ({
  ...fromFields<Omit<ServiceKey, "id">>(found),
  id: found["_id"],
  scopes: String(found["scopes"]).split(" "),
});
