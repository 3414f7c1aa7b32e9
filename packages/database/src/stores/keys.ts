import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import { afterConnectionLoss } from "../errors/failure.ts";
import { toNumberOrNull } from "../ledger/rows.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import type { Page } from "./history.ts";
import type { Prisma, PrismaTransaction } from "./prisma.ts";
import { toBigInt } from "./prisma-records.ts";

/** A service key as stored: nothing of it opens anything. */
export type ServiceKey = {
  /** The part of the key that may be shown. */
  readonly id: string;
  /** On whose behalf it acts. */
  readonly ownerId: UserId;
  readonly name: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the whole key, in hexadecimal digits. */
  readonly secretHash: string;
  /** Of the key before the last rotation, which works until `previousUntilMs`. */
  readonly previousHash: string | null;
  readonly previousUntilMs: number | null;
  /** The actor, as in the audit log. */
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
};

/** A key to make. */
export type NewServiceKey = Omit<ServiceKey, "previousHash" | "previousUntilMs" | "revokedAtMs" | "lastUsedAtMs">;

/** At most so many keys of the owner open something at this moment, the new one among them. */
export type LiveLimit = { readonly mostLive: number; readonly nowMs: number };

/** Why a key was not made: its owner is not there any more, or has as many as an owner may. */
export type KeyRefusal = { code: "USER_NOT_FOUND" } | { code: "KEY_LIMIT_REACHED"; limit: number };

/** Service keys. Every change is made together with its event, both or neither. */
export type KeyStore = {
  /** The limit holds however many are made at once, by however many processes. */
  create(key: NewServiceKey, limit: LiveLimit, event: AuditEvent): Promise<Outcome<undefined, KeyRefusal>>;
  /** Those that there are, revoked and expired ones too. */
  findMany(ids: readonly string[]): Promise<readonly ServiceKey[]>;
  /** Of one owner, or of all; newest first. `before`: those after this key in that order. */
  list(ownerId: UserId | undefined, page: Page<Pick<ServiceKey, "createdAtMs" | "id">>): Promise<readonly ServiceKey[]>;
  /**
   * Gives a key another secret; the one it has works until `previousUntilMs`, the one before that no longer.
   * @returns false when there is no such key, it is revoked, or another rotation was faster: look, and try again.
   */
  rotate(id: string, to: { secretHash: string; previousUntilMs: number }, event: AuditEvent): Promise<boolean>;
  /** @returns false when there is no such key, or it was revoked before. */
  revoke(id: string, atMs: number, event: AuditEvent): Promise<boolean>;
  /** Notes when keys were used. */
  recordUses(uses: ReadonlyMap<string, number>): Promise<void>;
};

/** Service keys through Prisma, on any SQL database. */
export function createKeyStore(prisma: Prisma): KeyStore {
  return {
    create: async (key, { mostLive, nowMs }, event) => {
      const { ownerId } = key;
      const data = {
        ...key,
        scopes: key.scopes.join(" "),
        createdAtMs: BigInt(key.createdAtMs),
        expiresAtMs: toBigInt(key.expiresAtMs),
      };
      let notMade: KeyRefusal = { code: "USER_NOT_FOUND" };
      const isMade = await withAuditEvent(prisma, event, async (tx) => {
        if (!(await lockOwner(tx, ownerId))) return false;
        const live = {
          ownerId,
          revokedAtMs: null,
          OR: [{ expiresAtMs: null }, { expiresAtMs: { gt: BigInt(nowMs) } }],
        };
        notMade = { code: "KEY_LIMIT_REACHED", limit: mostLive };
        if ((await tx.serviceKey.count({ where: live })) >= mostLive) return false;
        await tx.serviceKey.createMany({ data: [data] });
        return true;
      });
      return isMade ? ok(undefined) : refuse(notMade);
    },

    findMany: async (ids) => {
      const rows = await prisma.serviceKey
        .findMany({ where: { id: { in: [...ids] } } })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(toKey);
    },

    list: async (ownerId, { limit, before }) => {
      const where = ownerId === undefined ? {} : { ownerId };
      const createdAtMs = BigInt(before?.createdAtMs ?? 0);
      const older = before && [{ createdAtMs: { lt: createdAtMs } }, { createdAtMs, id: { lt: before.id } }];
      const rows = await prisma.serviceKey
        .findMany({
          where: { ...where, ...(older && { OR: older }) },
          orderBy: [{ createdAtMs: "desc" }, { id: "desc" }],
          take: limit,
        })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map(toKey);
    },

    rotate: (id, { secretHash, previousUntilMs }, event) =>
      withAuditEvent(prisma, event, async (tx) => {
        const key = await tx.serviceKey.findUnique({ where: { id } });
        if (!key || key.revokedAtMs !== null) return false;
        // Two rotations at once: the second would keep a secret that nobody has been given.
        const { count } = await tx.serviceKey.updateMany({
          where: { id, secretHash: key.secretHash, revokedAtMs: null },
          data: { secretHash, previousHash: key.secretHash, previousUntilMs: BigInt(previousUntilMs) },
        });
        return count === 1;
      }),

    revoke: (id, atMs, event) =>
      withAuditEvent(prisma, event, async (tx) => {
        const data = { revokedAtMs: BigInt(atMs) };
        return (await tx.serviceKey.updateMany({ where: { id, revokedAtMs: null }, data })).count === 1;
      }),

    recordUses: async (uses) => {
      for (const [id, atMs] of uses) {
        await prisma.serviceKey
          .updateMany({ where: { id }, data: { lastUsedAtMs: BigInt(atMs) } })
          .catch(afterConnectionLoss("may be written"));
      }
    },
  };
}

/** Makes whoever else wants to make a key of this owner wait until the transaction ends. @returns false when they are gone. */
async function lockOwner(tx: PrismaTransaction, id: UserId): Promise<boolean> {
  // Changes nothing, but locks the row; what is read after it is as of then.
  const data = { tokenVersion: { increment: 0 } };
  return (await tx.user.updateMany({ where: { id, deletedAtMs: null }, data })).count === 1;
}

type KeyRecord = Awaited<ReturnType<Prisma["serviceKey"]["findUniqueOrThrow"]>>;

const toKey = (row: KeyRecord): ServiceKey => ({
  ...row,
  ownerId: userId(row.ownerId),
  scopes: row.scopes.split(" "),
  previousUntilMs: toNumberOrNull(row.previousUntilMs),
  createdAtMs: Number(row.createdAtMs),
  expiresAtMs: toNumberOrNull(row.expiresAtMs),
  revokedAtMs: toNumberOrNull(row.revokedAtMs),
  lastUsedAtMs: toNumberOrNull(row.lastUsedAtMs),
});
