import type { UserId } from "@jifen/core";
import { afterConnectionLoss, isDeadlock, isUniqueViolation } from "../errors/failure.ts";
import { retryingDeadlocks } from "../errors/retry.ts";
import type { Prisma, PrismaTransaction } from "./prisma.ts";

/** What a one-time link is for. */
export type LinkPurpose = "password" | "registration" | "first-admin";

/** A link that works once. There is one of each purpose for a user: a newer one takes its place. */
export type OneTimeLink = {
  readonly userId: UserId;
  readonly purpose: LinkPurpose;
  /** SHA-256 of its secret, in hexadecimal digits. */
  readonly secretHash: string;
  /** JSON text: what is done when it is opened, where the purpose alone does not say it. */
  readonly payload: string | null;
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
};

/** A link that is being opened. */
export type LinkUse = Pick<OneTimeLink, "userId" | "purpose" | "secretHash"> & { readonly nowMs: number };

/** Links that work once. They are used up by what they do: see `UserStore`. */
export type LinkStore = {
  /** Makes a link; the one that there was no longer works. */
  put(link: OneTimeLink): Promise<void>;
  /** The link as long as it works; opening it is something else. */
  find(use: LinkUse): Promise<OneTimeLink | undefined>;
};

const valid = ({ userId, purpose, secretHash, nowMs }: LinkUse) => ({
  userId,
  purpose,
  secretHash,
  expiresAtMs: { gt: BigInt(nowMs) },
});

/** Links through Prisma, on any SQL database. */
export function createLinkStore(prisma: Prisma): LinkStore {
  return {
    put: async ({ userId, purpose, ...link }) => {
      const data = { ...link, expiresAtMs: BigInt(link.expiresAtMs), createdAtMs: BigInt(link.createdAtMs) };
      const put = () =>
        prisma.oneTimeLink.upsert({
          where: { userId_purpose: { userId, purpose } },
          create: { userId, purpose, ...data },
          update: data,
        });
      // Where an upsert is a look and then a write, two may find nothing and both write: one of them tries again.
      const asksForRetry = (error: unknown) => isDeadlock(error) || isUniqueViolation(error);
      await retryingDeadlocks(put, asksForRetry).catch(afterConnectionLoss("may be written"));
    },

    find: async (use) => {
      const row = await prisma.oneTimeLink
        .findFirst({ where: valid(use) })
        .catch(afterConnectionLoss("nothing written"));
      if (!row) return undefined;
      const { userId, purpose } = use;
      return { ...row, userId, purpose, expiresAtMs: Number(row.expiresAtMs), createdAtMs: Number(row.createdAtMs) };
    },
  };
}

/** Uses a link up. @returns false when it does not work any more: somebody else was first, or time was. */
export const consumeLink = async (tx: PrismaTransaction, use: LinkUse): Promise<boolean> =>
  (await tx.oneTimeLink.deleteMany({ where: valid(use) })).count === 1;
