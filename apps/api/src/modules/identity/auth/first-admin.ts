import { operations } from "@jifen/contract";
import { refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { createUserByLink } from "../use-cases/create-user-by-link.ts";
import { nobodyYet } from "../use-cases/first-admin.ts";

/** The first who may do everything. */
export const firstAdmin = (deps: Deps) =>
  implement(operations.auth.firstAdmin, async ({ input, requestId }) => {
    if (!(await deps.database.users.isEmpty("admin"))) return refuse({ code: "LINK_EXPIRED" });
    const { token, email, name, newPassword } = input;
    const person = { email, name, role: "admin" } as const;
    const newcomer = { token, purpose: "first-admin", newPassword, requestId } as const;
    return createUserByLink(deps, { ...newcomer, person: (link) => (link.userId === nobodyYet ? person : undefined) });
  });
