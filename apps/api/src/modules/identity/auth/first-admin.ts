import { operations } from "@jifen/contract";
import { refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { createUserByLink } from "../use-cases/create-user-by-link.ts";
import { firstAdminPlaceholder, hasNoAdmin } from "../use-cases/first-admin.ts";

/** Creates the first admin from the link that the server logs at its start while no admin exists. */
export const firstAdmin = (deps: Deps) =>
  implement(operations.auth.firstAdmin, async ({ input, requestId, address }) => {
    if (!(await hasNoAdmin(deps))) return refuse({ code: "LINK_EXPIRED" });
    const { token, email, name, newPassword } = input;
    return createUserByLink(deps, {
      token,
      purpose: "first-admin",
      newPassword,
      requestId,
      address: await address(),
      toNewUser: (link) => (link.userId === firstAdminPlaceholder ? { email, name, role: "admin" } : undefined),
    });
  });
