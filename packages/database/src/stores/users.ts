import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { WriteSet } from "@jifen/ledger";
import { DuplicateKey, type Records, type RecordTransaction, type StoredRecord } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import type { Page } from "./history.ts";
import { type AdminsBySettings, isAnAdminLeft } from "./last-admin.ts";
import { insertWriteSet } from "./ledger-records.ts";
import { consumeLink, type LinkUse } from "./links.ts";

/** A user as stored. */
export type User = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  /** bcrypt; null for users who do not log in with a password. */
  readonly passwordHash: string | null;
  /** `user`, `support`, `finance` or `admin`; the tables refuse any other. */
  readonly role: string;
  /** Tokens contain it; raising it ends every session. */
  readonly tokenVersion: number;
  /** Sessions whose token has no version are ended if they began before this time. */
  readonly sessionsEndedAtMs: number;
  readonly suspendedAtMs: number | null;
  /** The row of a deleted user stays, because its account does: the id is never used again. */
  readonly deletedAtMs: number | null;
  readonly createdAtMs: number;
};

/** A user to create. */
export type NewUser = Pick<User, "id" | "email" | "name" | "passwordHash" | "role" | "createdAtMs">;

/** What creates a user: the row, the first grant, the audit event, and the link that is used, if any. */
export type UserCreation = {
  readonly user: NewUser;
  readonly firstGrant: WriteSet;
  readonly event: AuditEvent;
  readonly link?: LinkUse | undefined;
};

/** A change of a user, its audit event, and the link that is used, if any. */
export type UserChange = {
  readonly id: UserId;
  readonly set: Partial<Pick<User, "name" | "passwordHash" | "role" | "suspendedAtMs" | "deletedAtMs">>;
  /** Ends every session at this time. No session ends when it is left out. */
  readonly endsSessionsAtMs?: number | undefined;
  /** Only if another active admin is left, for concurrent changes as well. */
  readonly leavesAnAdmin?: AdminsBySettings | undefined;
  readonly event: AuditEvent;
  readonly link?: LinkUse | undefined;
};

/** Why a user was not changed: the link is not valid, no admin would be left, or the user does not exist. */
export type UserChangeRefusal = { code: "LINK_EXPIRED" } | { code: "LAST_ADMIN" } | { code: "USER_NOT_FOUND" };

/** Users. Every change is written in one transaction with its audit event. */
export type UserStore = {
  find(id: UserId): Promise<User | undefined>;
  /** Those of these ids that exist, each once, in any order. */
  findMany(ids: readonly UserId[]): Promise<readonly User[]>;
  /** Users who are not deleted and whose id begins with `prefix`, by id. `before`: only greater ids. */
  list(
    filter: { prefix?: string | undefined; role?: string | undefined },
    page: Page<UserId>,
  ): Promise<readonly User[]>;
  /** Whether no user exists, or none with this role; deleted ones do not count. */
  isEmpty(role?: string): Promise<boolean>;
  /**
   * Creates a user together with the first grant, in one transaction: no user exists without the credits that a new user
   * gets.
   * @returns false, and changes nothing, when the id is taken or the link is not valid
   */
  create(creation: UserCreation): Promise<boolean>;
  /** Refuses, in this order, and changes nothing then: LINK_EXPIRED, LAST_ADMIN, USER_NOT_FOUND (also for a deleted user). */
  change(change: UserChange): Promise<Outcome<undefined, UserChangeRefusal>>;
  /** Ends one session. */
  endToken(token: { userId: UserId; jti: string; expiresAtMs: number }, nowMs: number): Promise<void>;
  /** The ids of the tokens of these users whose sessions were ended one by one. */
  endedTokens(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, ReadonlySet<string>>>;
};

/** No user was created: the link is not valid. */
const notCreated = refuse({ code: "LINK_EXPIRED" });

/** Users on any database. */
export function createUserStore(records: Records): UserStore {
  return {
    find: async (id) => {
      const found = await records.get("users", { id });
      return found && toUser(found);
    },

    findMany: async (ids) => (await records.list("users", { where: { id: { in: ids } } })).map(toUser),

    list: async ({ prefix, role }, { limit, before }) => {
      const where = { id: { prefix, gt: before }, role, deletedAtMs: null };
      return (await records.list("users", { where, by: ["id"], limit })).map(toUser);
    },

    isEmpty: async (role) => (await records.count("users", { role, deletedAtMs: null }, 1)) === 0,

    create: async ({ user, firstGrant, event, link }) => {
      try {
        const outcome = await withAuditEvent(records, event, async (tx) => {
          if (link && !(await consumeLink(tx, link))) return notCreated;
          await tx.insert("users", user);
          await insertWriteSet(tx, firstGrant);
          return ok(undefined);
        });
        return outcome.ok;
      } catch (error) {
        if (error instanceof DuplicateKey) return false;
        throw error;
      }
    },

    change: (change) => withAuditEvent(records, change.event, (tx) => changeUser(tx, change)),

    endToken: async ({ userId: id, jti, expiresAtMs }, nowMs) => {
      await records.delete("ended_tokens", { userId: id, expiresAtMs: { lt: nowMs } });
      await records.insertOnce("ended_tokens", { userId: id, jti, expiresAtMs });
    },

    endedTokens: async (ids) => {
      const tokens = await records.list("ended_tokens", { where: { userId: { in: ids } } });
      const byUser = Map.groupBy(tokens, (token) => userId(token.userId));
      return new Map([...byUser].map(([id, ended]) => [id, new Set(ended.map(({ jti }) => jti))]));
    },
  };
}

async function changeUser(
  tx: RecordTransaction,
  { id, set, endsSessionsAtMs, leavesAnAdmin, link }: UserChange,
): Promise<Outcome<undefined, UserChangeRefusal>> {
  if (link && !(await consumeLink(tx, link))) return refuse({ code: "LINK_EXPIRED" });
  if (leavesAnAdmin && !(await isAnAdminLeft(tx, id, leavesAnAdmin))) return refuse({ code: "LAST_ADMIN" });
  const active = { id, deletedAtMs: null };
  const isSessionsEnd = endsSessionsAtMs !== undefined;
  const change = isSessionsEnd
    ? { set: { ...set, sessionsEndedAtMs: endsSessionsAtMs }, add: { tokenVersion: 1 } }
    : { set };
  // Some events are about a user and change nothing.
  const isChanged = isSessionsEnd || Object.keys(set).length > 0;
  const matched = isChanged ? await tx.update("users", active, change) : await tx.count("users", active, 1);
  return matched === 1 ? ok(undefined) : refuse({ code: "USER_NOT_FOUND" });
}

const toUser = (record: StoredRecord<"users">): User => ({ ...record, id: userId(record.id) });
