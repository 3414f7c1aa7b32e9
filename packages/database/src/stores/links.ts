import type { UserId } from "@jifen/core";
import type { Records, RecordTransaction } from "../records/records.ts";

/** What a one-time link is for. */
export type LinkPurpose = "password" | "registration" | "first-admin";

/** A link that can be used once. A user has one link of each purpose: a newer one replaces it. */
export type OneTimeLink = {
  readonly userId: UserId;
  readonly purpose: LinkPurpose;
  /** SHA-256 of its secret, in hexadecimal digits. */
  readonly secretHash: string;
  /** JSON text: parameters of the purpose. */
  readonly payload: string | null;
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  /** The author, as in the audit log, or `mail` for a link that was sent to the address of the user. */
  readonly issuer: string | null;
};

/** The use of a link. */
export type LinkUse = Pick<OneTimeLink, "userId" | "purpose" | "secretHash"> & {
  readonly nowMs: number;
  /** The issuer, as `find` returned it; any if left out. */
  readonly issuer?: string | null | undefined;
};

/** One-time links. The change that a link is for deletes it: see `UserStore`. */
export type LinkStore = {
  /** Inserts a link, or replaces the one of the same purpose. */
  put(link: OneTimeLink): Promise<void>;
  /** The link, if it is valid. Reading does not use it. */
  find(use: LinkUse): Promise<OneTimeLink | undefined>;
};

/** A link that has this secret and has not expired. */
const valid = ({ userId, purpose, secretHash, issuer, nowMs }: LinkUse) => ({
  userId,
  purpose,
  secretHash,
  issuer,
  expiresAtMs: { gt: nowMs },
});

/** Links on any database. */
export const createLinkStore = (records: Records): LinkStore => ({
  put: (link) => records.put("one_time_links", link),

  find: async (use) => {
    const [link] = await records.list("one_time_links", { where: valid(use), limit: 1 });
    return link && { ...link, userId: use.userId, purpose: use.purpose };
  },
});

/** Deletes a link that is used. @returns false when it is not valid: it was used before, replaced, or has expired */
export const consumeLink = async (tx: RecordTransaction, use: LinkUse): Promise<boolean> =>
  (await tx.delete("one_time_links", valid(use))) === 1;

/** Ends every open link for a user. */
export const endLinksTo = (tx: RecordTransaction, userId: UserId): Promise<number> =>
  tx.delete("one_time_links", { userId });

/** Ends every open link for a user, and every one that the user issued, which can be for users on any node. */
export async function endLinksOf(tx: RecordTransaction, userId: UserId): Promise<void> {
  await endLinksTo(tx, userId);
  await tx.delete("one_time_links", { issuer: `user:${userId}` });
}

/** Ends every open link of a purpose. */
export const endLinksFor = (tx: RecordTransaction, purpose: LinkPurpose): Promise<number> =>
  tx.delete("one_time_links", { purpose });

/** Inserts a link, or replaces the one of the same purpose. */
export async function replaceLink(tx: RecordTransaction, link: OneTimeLink): Promise<void> {
  await tx.delete("one_time_links", { userId: link.userId, purpose: link.purpose });
  await tx.insert("one_time_links", link);
}
