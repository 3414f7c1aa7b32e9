import type { ClientSession } from "mongodb";
import type { LinkStore, LinkUse, OneTimeLink } from "../../../stores/links.ts";
import { fromFields, stored, toFields } from "../documents.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";

const idOf = ({ userId, purpose }: Pick<OneTimeLink, "userId" | "purpose">) => ({ user_id: userId, purpose });

const valid = ({ secretHash, nowMs, ...link }: LinkUse) => ({
  _id: idOf(link),
  secret_hash: secretHash,
  expires_at_ms: { $gt: stored(nowMs) },
});

/** Links on MongoDB. */
export function createLinkStore(connection: MongoConnection): LinkStore {
  const links = connection.collection("one_time_links");
  return {
    put: async (link) => {
      const { user_id, purpose, ...fields } = toFields(link);
      await connection.writing(() =>
        links.replaceOne({ _id: { user_id, purpose } }, { user_id, ...fields }, { upsert: true }),
      );
    },

    find: async (use) => {
      const found = await connection.reading(() => links.findOne(valid(use), queryLimits));
      if (!found) return undefined;
      return { ...fromFields<Omit<OneTimeLink, "purpose">>(found), purpose: use.purpose };
    },
  };
}

/** Uses a link up. @returns false when it does not work any more: somebody else was first, or time was. */
export const consumeLink = async (
  connection: MongoConnection,
  session: ClientSession,
  use: LinkUse,
): Promise<boolean> =>
  (await connection.collection("one_time_links").deleteOne(valid(use), { session })).deletedCount === 1;
