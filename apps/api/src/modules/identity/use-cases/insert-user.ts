import { isEmailId, type Role } from "@jifen/contract";
import { accountOf, credits, grantId, idempotencyKey, transactionId, type UserId, userId } from "@jifen/core";
import type { LinkUse, OneTimeLink } from "@jifen/database";
import { type Command, decideBatch, type Snapshot, type WriteSet } from "@jifen/ledger";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";

/** The data of a new user. */
export type NewUserData = {
  /** The e-mail address when left out; the id of a site for a user who comes from there and has no address here. */
  readonly id?: UserId | undefined;
  /** Normalised; empty for a user without an address. */
  readonly email: string;
  /** The local part of the e-mail address when left out, or the id of a user without an address. */
  readonly name?: string | undefined;
  /** null for users without a password. */
  readonly passwordHash: string | null;
  readonly role: Role;
  readonly initialCredits: number;
  /** `open` for a user who has no way to sign in yet; nothing for the others. */
  readonly claim?: "open" | undefined;
  readonly whitelistTag?: string | undefined;
};

/** Who creates a user, the one-time link that is consumed with it, and the one that is made with it, if any. */
export type NewUserContext = {
  readonly by: Actor;
  readonly link?: LinkUse | undefined;
  readonly newLink?: OneTimeLink | undefined;
};

/**
 * Inserts a user together with the grant of the initial credits, in one transaction.
 * @returns false, and changes nothing, when the id is or was in use, or the link is no longer valid.
 */
export async function insertUser(
  deps: Pick<Deps, "database" | "newId" | "nowMs">,
  { id: siteId, email, name, role, initialCredits, ...credentials }: NewUserData,
  { by, link, newLink }: NewUserContext,
): Promise<boolean> {
  const id = siteId ?? userId(email);
  const createdAtMs = deps.nowMs();
  return deps.database.users.create({
    user: { ...credentials, id, email, name: name ?? nameOf(id), role, createdAtMs },
    firstGrant: initialGrant(deps, { id, amount: initialCredits, nowMs: createdAtMs, by }),
    event: toAuditEvent(deps, by, { action: "users.create", subject: `user:${id}`, details: { role } }),
    link,
    newLink,
  });
}

/** The local part of an e-mail address; the whole id of a user without one. */
const nameOf = (id: UserId): string => (isEmailId(id) ? id.slice(0, id.lastIndexOf("@")) : id);

/** The rows of the first grant; an empty write set when new users get no credits. */
function initialGrant(
  { newId }: Pick<Deps, "newId">,
  user: { id: UserId; amount: number; nowMs: number; by: Actor },
): WriteSet {
  const emptySnapshot: Snapshot = { nowMs: user.nowMs, accounts: new Map(), executed: [], charges: [] };
  const grant: Command = {
    kind: "grant",
    accountId: accountOf(user.id),
    actor: user.by.actor,
    requestId: user.by.requestId,
    idempotencyKey: idempotencyKey.ofSystem("initial"),
    transactionId: transactionId(newId("txn")),
    grantId: grantId(newId("grant")),
    amount: credits(user.amount),
    source: "initial",
    priority: 50,
    expiresAtMs: null,
    reason: "initial",
  };
  return decideBatch(user.amount === 0 ? [] : [grant], emptySnapshot).writeSet;
}
