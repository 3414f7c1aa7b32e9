import { type UserId, userId } from "@jifen/core";
import type { WriteSet } from "@jifen/ledger";
import { afterConnectionLoss, isUniqueViolation } from "../errors/failure.ts";
import { toNumberOrNull } from "../ledger/rows.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import type { Page } from "./history.ts";
import { type AdminsBySettings, isAnAdminLeft } from "./last-admin.ts";
import { consumeLink, type LinkUse } from "./links.ts";
import type { Prisma } from "./prisma.ts";
import { accountRecord, entryRecord, grantRecord } from "./prisma-records.ts";

/** A user as stored. */
export type User = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  /** bcrypt; null for people who log in another way. */
  readonly passwordHash: string | null;
  /** `user`, `support`, `finance` or `admin`; the tables take no other. */
  readonly role: string;
  /** Tokens carry it; raising it ends every session. */
  readonly tokenVersion: number;
  /** Sessions that carry no version and began before this moment are over. */
  readonly sessionsEndedAtMs: number;
  readonly suspendedAtMs: number | null;
  /** The row stays: its account does, and nobody else may get it. */
  readonly deletedAtMs: number | null;
  readonly createdAtMs: number;
};

/** A user to make. */
export type NewUser = Pick<User, "id" | "email" | "name" | "passwordHash" | "role" | "createdAtMs">;

/** What a user is made of: the row, the first grant, who did it, and the link it is made by, if any. */
export type UserCreation = {
  readonly user: NewUser;
  readonly firstGrant: WriteSet;
  readonly event: AuditEvent;
  readonly link?: LinkUse | undefined;
};

/** What is changed of a user, who does it, and the link it is done by, if any. */
export type UserChange = {
  readonly id: UserId;
  readonly set: Partial<Pick<User, "name" | "passwordHash" | "role" | "suspendedAtMs" | "deletedAtMs">>;
  /** The moment at which every session is ended; none is when it is left out. */
  readonly endsSessionsAtMs?: number | undefined;
  /** Only while somebody else is left who may do everything, however many such changes are made at once. */
  readonly leavesAnAdmin?: AdminsBySettings | undefined;
  readonly event: AuditEvent;
  readonly link?: LinkUse | undefined;
};

/** Who there is. Every change is made together with its event, both or neither. */
export type UserStore = {
  find(id: UserId): Promise<User | undefined>;
  /** Those that there are, each once, in any order. */
  findMany(ids: readonly UserId[]): Promise<readonly User[]>;
  /** In order of their ids, those whose id begins with `prefix`. `before`: only greater ids. */
  list(
    filter: { prefix?: string | undefined; role?: string | undefined },
    page: Page<UserId>,
  ): Promise<readonly User[]>;
  /** Whether there is anybody at all; anybody of this role, when one is given. */
  isEmpty(role?: string): Promise<boolean>;
  /**
   * Makes a user together with the changes of a first grant, in one transaction: nobody ever
   * exists without the credits that a new user gets.
   * @returns false, and changes nothing, when the id is taken or the link does not work any more.
   */
  create(creation: UserCreation): Promise<boolean>;
  /**
   * @returns false, and changes nothing, when there is no such user any more, the link does not work any more, or nobody
   * would be left who may do everything.
   */
  change(change: UserChange): Promise<boolean>;
  /** Ends one session. */
  endToken(token: { userId: UserId; jti: string; expiresAtMs: number }, nowMs: number): Promise<void>;
  /** The sessions of these users that were ended one by one. */
  endedTokens(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, ReadonlySet<string>>>;
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

    list: async ({ prefix, role }, { limit, before }) => {
      const rows = await prisma.user
        .findMany({
          // Prisma takes what is undefined for what was not asked.
          where: { id: { startsWith: prefix, gt: before }, role, deletedAtMs: null },
          orderBy: { id: "asc" },
          take: limit,
        })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(toUser);
    },

    isEmpty: async (role) => {
      const anybody = await prisma.user
        .findFirst({ select: { id: true }, where: { role, deletedAtMs: null } })
        .catch(afterConnectionLoss("nothing written"));
      return anybody === null;
    },

    create: async ({ user, firstGrant, event, link }) => {
      try {
        return await withAuditEvent(prisma, event, async (tx) => {
          if (link && !(await consumeLink(tx, link))) return false;
          await tx.user.createMany({ data: [{ ...user, createdAtMs: BigInt(user.createdAtMs) }] });
          await tx.account.createMany({ data: firstGrant.accountsOpened.map(accountRecord) });
          await tx.grant.createMany({ data: firstGrant.grantsAdded.map(grantRecord) });
          await tx.entry.createMany({ data: firstGrant.entries.map(entryRecord) });
          return true;
        });
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    change: ({ id, set, endsSessionsAtMs, leavesAnAdmin, event, link }) =>
      withAuditEvent(prisma, event, async (tx) => {
        if (link && !(await consumeLink(tx, link))) return false;
        if (leavesAnAdmin && !(await isAnAdminLeft(tx, id, leavesAnAdmin))) return false;
        const where = { id, deletedAtMs: null };
        const ending = endsSessionsAtMs !== undefined && {
          tokenVersion: { increment: 1 },
          sessionsEndedAtMs: BigInt(endsSessionsAtMs),
        };
        const data = { ...set, ...ending };
        // Some events are about a user and change nothing; an update of nothing would find nobody.
        if (Object.keys(data).length === 0) return (await tx.user.count({ where })) === 1;
        return (await tx.user.updateMany({ where, data })).count === 1;
      }),

    endToken: async ({ userId: id, jti, expiresAtMs }, nowMs) => {
      try {
        await prisma.endedToken.deleteMany({ where: { userId: id, expiresAtMs: { lt: BigInt(nowMs) } } });
        await prisma.endedToken.createMany({ data: [{ userId: id, jti, expiresAtMs: BigInt(expiresAtMs) }] });
      } catch (error) {
        // It was ended before.
        if (!isUniqueViolation(error)) afterConnectionLoss("may be written")(error);
      }
    },

    endedTokens: async (ids) => {
      const rows = await prisma.endedToken
        .findMany({ where: { userId: { in: [...ids] } } })
        .catch(afterConnectionLoss("nothing written"));
      const byUser = Map.groupBy(rows, (row) => userId(row.userId));
      return new Map([...byUser].map(([id, tokens]) => [id, new Set(tokens.map(({ jti }) => jti))]));
    },
  };
}

type UserRecord = Awaited<ReturnType<Prisma["user"]["findUniqueOrThrow"]>>;

const toUser = (row: UserRecord): User => ({
  ...row,
  id: userId(row.id),
  sessionsEndedAtMs: Number(row.sessionsEndedAtMs),
  suspendedAtMs: toNumberOrNull(row.suspendedAtMs),
  deletedAtMs: toNumberOrNull(row.deletedAtMs),
  createdAtMs: Number(row.createdAtMs),
});
