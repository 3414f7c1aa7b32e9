import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { WriteSet } from "@jifen/ledger";
import { DuplicateKey, type Records, type RecordTransaction } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import { type AdminsBySettings, isAnAdminLeft, listAdmins } from "./last-admin.ts";
import { insertWriteSet } from "./ledger-records.ts";
import {
  consumeLink,
  endLinksFor,
  endLinksOf,
  endLinksTo,
  type LinkUse,
  type OneTimeLink,
  replaceLink,
} from "./links.ts";
import type { Page } from "./page.ts";
import { type Author, type Parties, readAuthor, readParties } from "./parties.ts";
import { createSignIns, type SignIns } from "./sign-ins.ts";
import { toUser, type User } from "./user.ts";
import { listUsers, type UserFilter, type UserPosition } from "./user-list.ts";

/** A user to create. */
export type NewUser = Pick<User, "id" | "email" | "name" | "passwordHash" | "role" | "createdAtMs"> &
  Partial<Pick<User, "claim" | "whitelistTag">>;

/** What creates a user: the row, the first grant, the audit event, the link that is used, and the link that is made. */
export type UserCreation = {
  readonly user: NewUser;
  readonly firstGrant: WriteSet;
  readonly event: AuditEvent;
  readonly link?: LinkUse | undefined;
  readonly newLink?: OneTimeLink | undefined;
};

/** Why the author of a change cannot make it. */
export type AuthorRefusal = { code: "FORBIDDEN" } | { code: "USER_HAS_CREDENTIALS" };

/** A change of a user, its audit event, the link that is used, and the link that is made. */
export type UserChange = {
  readonly id: UserId;
  readonly set: Partial<
    Pick<
      User,
      "name" | "passwordHash" | "role" | "suspendedAtMs" | "deletedAtMs" | "claim" | "whitelistTag" | "priceGroup"
    >
  >;
  /** Ends every session at this time. No session ends when it is left out. */
  readonly endsSessionsAtMs?: number | undefined;
  /** Only if another active admin is left, for concurrent changes as well. */
  readonly leavesAnAdmin?: AdminsBySettings | undefined;
  /**
   * Decides whether the author of the event, or the issuer of the link that is used, can make the change, from the rows
   * as they are in the transaction of the change. Pure.
   */
  readonly authorize?: ((parties: Parties) => Outcome<undefined, AuthorRefusal>) | undefined;
  readonly event: AuditEvent;
  readonly link?: LinkUse | undefined;
  readonly newLink?: OneTimeLink | undefined;
};

/**
 * Why a user was not changed: the link is not valid or its issuer can no longer make the change, no admin would be left,
 * the user does not exist, or the author cannot make the change.
 */
export type UserChangeRefusal =
  | { code: "LINK_EXPIRED" }
  | { code: "LAST_ADMIN" }
  | { code: "USER_NOT_FOUND" }
  | AuthorRefusal;

/** Users. Every change by staff is written in one transaction with its audit event. */
export type UserStore = SignIns & {
  find(id: UserId): Promise<User | undefined>;
  /** Who acts under a name of the audit log, as the rows are now. */
  author(name: string): Promise<Author>;
  /** Those of these ids that exist, each once, in any order. */
  findMany(ids: readonly UserId[]): Promise<readonly User[]>;
  /** Users who are not deleted, in the order of their ids or newest first. `before`: only those after this user. */
  list(filter: UserFilter, page: Page<UserPosition>): Promise<readonly User[]>;
  /** Ids of users, deleted ones included, in their order. @param after only greater ids */
  ids(after: UserId | undefined, limit: number): Promise<readonly UserId[]>;
  /** How many users, deleted ones included, were created in a time, up to a million: it reads an entry of an index for each. */
  countCreated(range: { readonly fromMs: number; readonly toMs: number }): Promise<number>;
  /** Whether no user exists, or none with this role; deleted ones do not count. */
  isEmpty(role?: string): Promise<boolean>;
  /**
   * Creates a user together with the first grant, in one transaction: no user exists without the credits that a new user
   * gets.
   * @returns false, and changes nothing, when the id is taken or the link is not valid
   */
  create(creation: UserCreation): Promise<boolean>;
  /**
   * Changes a user. A change of the password, the role, the suspension or the sessions ends every open link for the user and
   * by the user, and one who becomes staff loses a password that was set with a link of a service key.
   * Refuses, in this order, and changes nothing then: LINK_EXPIRED, LAST_ADMIN, USER_NOT_FOUND (also for a deleted user),
   * and what `authorize` refuses (LINK_EXPIRED when a link is used).
   */
  change(change: UserChange): Promise<Outcome<undefined, UserChangeRefusal>>;
  /** Stores that a user who was created without a way to sign in has signed in. */
  recordSignIn(id: UserId): Promise<void>;
  /** Stores when a user was seen, unless a time at or after `unlessSinceMs` is stored. */
  recordSeen(id: UserId, atMs: number, unlessSinceMs: number): Promise<void>;
  /** Stores what a user has chosen; what is left out stays, and null is no choice. @returns false when there is no such user */
  setPreferences(id: UserId, set: Partial<Pick<User, "language" | "timeZone">>): Promise<boolean>;
  /** Stores which entry of USER_WHITELIST was applied last to a user. */
  setWhitelistTag(id: UserId, tag: string): Promise<void>;
  /** Ends one session. */
  endToken(token: { userId: UserId; jti: string; expiresAtMs: number }, nowMs: number): Promise<void>;
  /** Uses a token that works once. @returns false if it was used before */
  useToken(token: { userId: UserId; jti: string; expiresAtMs: number }): Promise<boolean>;
  /** The ids of the tokens of these users whose sessions were ended one by one. Tokens that work once are not among them. */
  endedTokens(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, ReadonlySet<string>>>;
};

const MAX_USERS_COUNTED = 1_000_000;

/** In front of the id of a token that works once and was used: it is no session that was ended. */
const USED = "used:";

/** Users on any database. */
export function createUserStore(records: Records): UserStore {
  return {
    ...createSignIns(records),

    find: async (id) => {
      const found = await records.get("users", { id });
      return found && toUser(found);
    },

    author: (name) => readAuthor(records, name),

    findMany: async (ids) => (await records.list("users", { where: { id: { in: ids } } })).map(toUser),

    list: (filter, page) => listUsers(records, filter, page),

    ids: async (after, limit) => {
      const rows = await records.list("users", { where: { id: { gt: after } }, by: ["id"], limit });
      return rows.map(({ id }) => userId(id));
    },

    countCreated: ({ fromMs, toMs }) =>
      records.count("users", { createdAtMs: { gte: fromMs, lt: toMs } }, MAX_USERS_COUNTED),

    isEmpty: async (role) => (await records.count("users", { role, deletedAtMs: null }, 1)) === 0,

    create: async (creation) => {
      try {
        const outcome = await withAuditEvent(records, creation.event, (tx) => createUser(tx, creation));
        return outcome.ok;
      } catch (error) {
        if (error instanceof DuplicateKey) return false;
        throw error;
      }
    },

    change: async (change) => {
      const admins = change.leavesAnAdmin && (await listAdmins(records, change.leavesAnAdmin));
      const attempt = () => withAuditEvent(records, change.event, (tx) => changeUser(tx, change, admins));
      // A link that was sent by e-mail at the same time can take the place of the new one between two statements.
      return attempt().catch((error) => (error instanceof DuplicateKey ? attempt() : Promise.reject(error)));
    },

    recordSignIn: async (id) => {
      await records.update("users", { id, claim: "open" }, { set: { claim: null } });
    },

    recordSeen: async (id, lastSeenAtMs, unlessSinceMs) => {
      const isOlder = [{ lastSeenAtMs: null }, { lastSeenAtMs: { lt: unlessSinceMs } }];
      await records.update("users", { id, or: isOlder }, { set: { lastSeenAtMs } });
    },

    setPreferences: async (id, set) => (await records.update("users", { id, deletedAtMs: null }, { set })) === 1,

    setWhitelistTag: async (id, whitelistTag) => {
      await records.update("users", { id }, { set: { whitelistTag } });
    },

    endToken: async ({ userId: id, jti, expiresAtMs }, nowMs) => {
      await records.delete("ended_tokens", { userId: id, expiresAtMs: { lt: nowMs } });
      await records.insertOnce("ended_tokens", { userId: id, jti, expiresAtMs });
    },

    useToken: async ({ userId: id, jti, expiresAtMs }) => {
      try {
        await records.insert("ended_tokens", { userId: id, jti: `${USED}${jti}`, expiresAtMs });
        return true;
      } catch (error) {
        if (error instanceof DuplicateKey) return false;
        throw error;
      }
    },

    endedTokens: async (ids) => {
      const tokens = await records.list("ended_tokens", { where: { userId: { in: ids } } });
      const ended = tokens.filter(({ jti }) => !jti.startsWith(USED));
      const byUser = Map.groupBy(ended, (token) => userId(token.userId));
      return new Map([...byUser].map(([id, those]) => [id, new Set(those.map(({ jti }) => jti))]));
    },
  };
}

async function createUser(
  tx: RecordTransaction,
  { user, firstGrant, link, newLink }: UserCreation,
): Promise<Outcome<undefined, { code: "LINK_EXPIRED" }>> {
  if (link && !(await consumeLink(tx, link))) return refuse({ code: "LINK_EXPIRED" });
  await tx.insert("users", user);
  await insertWriteSet(tx, firstGrant);
  // A new user has issued no link.
  await endLinksTo(tx, user.id);
  if (user.role === "admin") await endLinksFor(tx, "first-admin");
  if (newLink) await replaceLink(tx, newLink);
  return ok(undefined);
}

async function changeUser(
  tx: RecordTransaction,
  change: UserChange,
  admins: readonly UserId[] | undefined,
): Promise<Outcome<undefined, UserChangeRefusal>> {
  const { id, link, event, authorize, newLink } = change;
  // First, so that of many uses of one link all but one end here.
  if (link && !(await consumeLink(tx, link))) return refuse({ code: "LINK_EXPIRED" });
  // The row is locked before anything is read: what is read afterwards stays true until the change is made.
  const locked = await lockTarget(tx, change, admins);
  if (!locked.leavesAnAdmin) return refuse({ code: "LAST_ADMIN" });
  const row = locked.isFound ? await tx.get("users", { id }) : undefined;
  if (!row) return refuse({ code: "USER_NOT_FOUND" });
  const target = toUser(row);
  const allowed =
    authorize?.(await readParties(tx, link ? (link.issuer ?? null) : event.actor, target)) ?? ok(undefined);
  if (!allowed.ok) return link ? refuse({ code: "LINK_EXPIRED" }) : allowed;
  await writeChange(tx, target, change);
  if (newLink) await replaceLink(tx, newLink);
  return ok(undefined);
}

/** Locks the row of the user, and those of all admins when one of them has to be left. */
async function lockTarget(
  tx: RecordTransaction,
  { id, leavesAnAdmin }: UserChange,
  admins: readonly UserId[] | undefined,
): Promise<{ readonly isFound: boolean; readonly leavesAnAdmin: boolean }> {
  const isLeft = !leavesAnAdmin || !admins || (await isAnAdminLeft(tx, { id, admins, bySettings: leavesAnAdmin }));
  return { isFound: await tx.lock("users", { id }, { deletedAtMs: null }), leavesAnAdmin: isLeft };
}

/** Writes the fields, ends the sessions, and ends the open links of the user if the change concerns their security. */
async function writeChange(tx: RecordTransaction, target: User, { set: asked, ...change }: UserChange): Promise<void> {
  const losesPassword = target.claim === "key" && asked.role !== undefined && asked.role !== "user";
  const set = {
    ...asked,
    ...(losesPassword && { passwordHash: null, claim: "open" }),
    // The addresses of a deleted user are kept for no purpose.
    ...(asked.deletedAtMs !== undefined && { signIns: null }),
  };
  const endsSessionsAtMs = change.endsSessionsAtMs ?? (losesPassword ? change.event.atMs : undefined);
  const endsSessions = endsSessionsAtMs !== undefined;
  const ended = endsSessions
    ? { set: { ...set, sessionsEndedAtMs: endsSessionsAtMs }, add: { tokenVersion: 1 } }
    : { set };
  // Some events are about a user and change nothing.
  if (endsSessions || Object.keys(set).length > 0) await tx.update("users", { id: target.id }, ended);
  if (endsSessions || securityFields.some((field) => set[field] !== undefined)) await endLinksOf(tx, target.id);
  if (set.role === "admin") await endLinksFor(tx, "first-admin");
}

/** Changing one of these fields ends every open link of a user. */
const securityFields = ["passwordHash", "role", "suspendedAtMs", "deletedAtMs"] as const;
