import { userId } from "@jifen/core";
import type { Deps } from "../deps.ts";
import { createLink } from "./one-time-links.ts";
import { effectiveRole } from "./power.ts";

/** The user id of the link for the first admin, who does not exist yet. It is not an e-mail address, so it matches no user. */
export const firstAdminPlaceholder = userId("first-admin");

const HOURS = 1;

/** Whether this server has no admin, neither by role nor by settings. ADMIN_EMAILS makes an admin only of a user that exists. */
export async function hasNoAdmin({ database, adminEmails }: Pick<Deps, "database" | "adminEmails">): Promise<boolean> {
  if (!(await database.users.isEmpty("admin"))) return false;
  const named = await Promise.all([...adminEmails].map((email) => database.users.find(userId(email))));
  return !named.some((user) => user?.deletedAtMs === null && effectiveRole(user, adminEmails) === "admin");
}

/** Creates a link to create the first admin; undefined when an admin exists. A new link invalidates earlier ones. */
export async function firstAdminLink(
  deps: Pick<Deps, "database" | "nowMs" | "publicUrl" | "adminEmails">,
): Promise<string | undefined> {
  if (!(await hasNoAdmin(deps))) return undefined;
  const { link } = await createLink(deps, {
    userId: firstAdminPlaceholder,
    purpose: "first-admin",
    hours: HOURS,
    issuer: "system",
  });
  return link;
}
