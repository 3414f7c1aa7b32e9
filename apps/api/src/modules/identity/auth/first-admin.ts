import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { createUserByLink } from "../use-cases/create-user-by-link.ts";
import { firstAdminPlaceholder, hasNoAdmin } from "../use-cases/first-admin.ts";
import { canProvePassword, promoteByLink } from "../use-cases/promote-by-link.ts";

/**
 * Creates the first admin, or makes one of the user that has the address, whose password is then asked for, from
 * the link that the server logs at its start while no admin exists.
 */
export const firstAdmin = (deps: Deps) =>
  implement(operations.auth.firstAdmin, async ({ input, requestId, address }) => {
    if (!(await hasNoAdmin(deps))) return refuse({ code: "LINK_EXPIRED" });
    const { token, email, name, newPassword } = input;
    const request = { token, newPassword, requestId, address: await address() };
    const user = await deps.database.users.find(userId(email));
    if (user && canProvePassword(user)) return promoteByLink(deps, user, request);
    return createUserByLink(deps, {
      ...request,
      purpose: "first-admin",
      toNewUser: (link) => (link.userId === firstAdminPlaceholder ? { email, name, role: "admin" } : undefined),
    });
  });
