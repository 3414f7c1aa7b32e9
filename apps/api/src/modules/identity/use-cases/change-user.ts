import type { Outcome } from "@jifen/core";
import type { UserChange, UserChangeRefusal } from "@jifen/database";
import { type Actor, type AuditAction, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";

/** A change of a user, its audit action, and its actor. */
export type UserChangeRequest = Pick<UserChange, "id" | "set" | "link" | "newLink" | "leavesAnAdmin" | "authorize"> &
  Omit<AuditAction, "subject"> & {
    /** Whether the change ends every session of the user. */
    readonly endsSessions: boolean;
    /** When the session of the request was issued, by the clock of its issuer: that clock can be ahead, and it ends as well. */
    readonly sessionIssuedAtMs?: number | undefined;
    readonly by: Actor;
  };

/**
 * Changes a user and records the audit event, in one transaction. Takes effect immediately in this process, and within
 * five seconds in others. Refuses, in this order: LINK_EXPIRED, LAST_ADMIN, USER_NOT_FOUND, what `authorize` refuses.
 */
export async function changeUser(
  deps: Pick<Deps, "database" | "userCache" | "newId" | "nowMs">,
  {
    id,
    set,
    link,
    newLink,
    leavesAnAdmin,
    authorize,
    endsSessions,
    sessionIssuedAtMs = 0,
    by,
    ...action
  }: UserChangeRequest,
): Promise<Outcome<undefined, UserChangeRefusal>> {
  const event = toAuditEvent(deps, by, { ...action, subject: `user:${id}` });
  const endsSessionsAtMs = endsSessions ? Math.max(deps.nowMs(), sessionIssuedAtMs) : undefined;
  try {
    const change = { id, set, endsSessionsAtMs, leavesAnAdmin, authorize, event, link, newLink };
    return await deps.database.users.change(change);
  } finally {
    // Also when the outcome of the write is unknown.
    deps.userCache.forget(id);
  }
}
