import type { UserChange } from "@jifen/database";
import { type Actor, type AuditAction, toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";

/** A change of a user, what it is called, and who does it. */
export type Change = Pick<UserChange, "id" | "set" | "link" | "leavesAnAdmin"> &
  Omit<AuditAction, "subject"> & {
    /** Whether every session is over then. */
    readonly endsSessions: boolean;
    readonly by: Actor;
  };

/**
 * Changes a user, at once for this process and within five seconds for others.
 * @returns false, and changes nothing, when there is no such user any more, the link does not work any more, or nobody would be left
 * who may do everything.
 */
export async function changeUser(
  deps: Pick<Deps, "database" | "userCache" | "newId" | "nowMs">,
  { id, set, link, leavesAnAdmin, endsSessions, by, ...deed }: Change,
): Promise<boolean> {
  const event = toAuditEvent(deps, by, { ...deed, subject: `user:${id}` });
  const endsSessionsAtMs = endsSessions ? deps.nowMs() : undefined;
  try {
    return await deps.database.users.change({ id, set, endsSessionsAtMs, leavesAnAdmin, event, link });
  } finally {
    // Also when nobody knows whether it was done.
    deps.userCache.forget(id);
  }
}
