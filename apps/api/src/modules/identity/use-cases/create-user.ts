import type { Role } from "@jifen/contract";
import { accountOf, credits, grantId, idempotencyKey, transactionId, type UserId, userId } from "@jifen/core";
import type { LinkUse } from "@jifen/database";
import { type Command, decideBatch, type Snapshot, type WriteSet } from "@jifen/ledger";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";

/** A person who logs in with an e-mail address. */
export type Person = {
  /** Normalised. */
  readonly email: string;
  /** What stands before the @, when it is left out. */
  readonly name?: string | undefined;
  /** null for people who log in another way. */
  readonly passwordHash: string | null;
  readonly role: Role;
  readonly initialCredits: number;
};

/** What makes somebody: who asks for it, and the link it is done by, if any. */
export type NewUserContext = { readonly by: Actor; readonly action: string; readonly link?: LinkUse | undefined };

/**
 * Makes a user with the initial credits, both or neither.
 * @returns false when there is, or was, such a user already, or the link does not work any more; nothing is changed then.
 */
export async function createUser(
  deps: Pick<Deps, "database" | "newId" | "nowMs">,
  { email, name, passwordHash, role, initialCredits }: Person,
  { by, action, link }: NewUserContext,
): Promise<boolean> {
  const id = userId(email);
  const createdAtMs = deps.nowMs();
  return deps.database.users.create({
    user: { id, email, name: name ?? email.slice(0, email.indexOf("@")), passwordHash, role, createdAtMs },
    firstGrant: initialGrant(deps, { id, amount: initialCredits, nowMs: createdAtMs }),
    event: toAuditEvent(deps, by, { action, subject: `user:${id}`, details: { role } }),
    link,
  });
}

/** What the first grant writes; nothing where new users get nothing. */
function initialGrant({ newId }: Pick<Deps, "newId">, user: { id: UserId; amount: number; nowMs: number }): WriteSet {
  const nobodyYet: Snapshot = { nowMs: user.nowMs, accounts: new Map(), executed: [], charges: [] };
  const grant: Command = {
    kind: "grant",
    accountId: accountOf(user.id),
    idempotencyKey: idempotencyKey.ofSystem("initial"),
    transactionId: transactionId(newId("txn")),
    grantId: grantId(newId("grant")),
    amount: credits(user.amount),
    source: "initial",
    priority: 50,
    expiresAtMs: null,
    reason: "initial",
  };
  return decideBatch(user.amount === 0 ? [] : [grant], nobodyYet).writeSet;
}
