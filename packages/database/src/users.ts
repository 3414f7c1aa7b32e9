import { type Changes, type UserId, userId } from "@jifen/ledger";
import { afterConnectionLoss, isUniqueViolation } from "./failure.ts";
import type { Prisma } from "./prisma.ts";
import { accountRecord, grantRecord, transactionRecord } from "./records.ts";

/** A user as stored. */
export type User = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  /** bcrypt; null for people who log in another way. */
  readonly passwordHash: string | null;
  /** Tokens carry it; raising it ends every session. */
  readonly tokenVersion: number;
  readonly suspendedAtMs: number | null;
  readonly createdAtMs: number;
};

/** A user to make. */
export type NewUser = Pick<User, "id" | "email" | "name" | "passwordHash" | "createdAtMs">;

/** Who there is. */
export type UserStore = {
  find(id: UserId): Promise<User | undefined>;
  /** Those that there are, each once, in any order. */
  findMany(ids: readonly UserId[]): Promise<readonly User[]>;
  /** Whether there is anybody at all. */
  isEmpty(): Promise<boolean>;
  /**
   * Makes a user together with the changes of a first grant, in one transaction: nobody ever
   * exists without the credits that a new user gets.
   * @returns false, and changes nothing, when the id is taken.
   */
  create(user: NewUser, firstGrant: Changes): Promise<boolean>;
  /** Sets the password and ends every session. */
  setPassword(id: UserId, passwordHash: string): Promise<void>;
};

/** Users through Prisma, on any SQL database. */
export function createUserStore(prisma: Prisma): UserStore {
  return {
    find: async (id) => {
      const row = await prisma.user.findUnique({ where: { id } }).catch(afterConnectionLoss("nothing written"));
      return row ? toUser(row) : undefined;
    },

    findMany: async (ids) => {
      const rows = await prisma.user
        .findMany({ where: { id: { in: [...ids] } } })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(toUser);
    },

    isEmpty: async () => {
      const anybody = await prisma.user
        .findFirst({ select: { id: true } })
        .catch(afterConnectionLoss("nothing written"));
      return anybody === null;
    },

    create: async (user, firstGrant) => {
      try {
        await prisma.$transaction([
          prisma.user.create({ data: { ...user, createdAtMs: BigInt(user.createdAtMs) } }),
          prisma.account.createMany({ data: firstGrant.accountsOpened.map(accountRecord) }),
          prisma.grant.createMany({ data: firstGrant.grantsAdded.map(grantRecord) }),
          prisma.transaction.createMany({ data: firstGrant.transactions.map(transactionRecord) }),
        ]);
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        return afterConnectionLoss("may be written")(error);
      }
    },

    setPassword: async (id, passwordHash) => {
      await prisma.user
        .update({ where: { id }, data: { passwordHash, tokenVersion: { increment: 1 } } })
        .catch(afterConnectionLoss("may be written"));
    },
  };
}

type UserRecord = Awaited<ReturnType<Prisma["user"]["findUniqueOrThrow"]>>;

const toUser = (row: UserRecord): User => ({
  ...row,
  id: userId(row.id),
  suspendedAtMs: row.suspendedAtMs === null ? null : Number(row.suspendedAtMs),
  createdAtMs: Number(row.createdAtMs),
});
