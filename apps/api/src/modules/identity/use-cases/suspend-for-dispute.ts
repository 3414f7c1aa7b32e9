import type { UserId } from "@jifen/core";
import { bySystem } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { suspendUser } from "./suspend-user.ts";

/** The server itself: it can do what an admin can. */
const system = { ...bySystem, userId: null, role: "admin", scopes: null, key: null } as const;

/**
 * Suspends a user because of a dispute, with the reason in the audit log. A user who is suspended or deleted stays as it is,
 * and so does the last admin.
 */
export const suspendForDispute =
  (deps: Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "adminEmails">) =>
  async (user: UserId, disputeId: string): Promise<void> => {
    const found = await deps.database.users.find(user);
    if (!found || found.deletedAtMs !== null || found.suspendedAtMs !== null) return;
    await suspendUser(deps, { userId: user, reason: `dispute ${disputeId}` }, system);
  };
