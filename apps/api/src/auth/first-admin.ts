import { operations } from "@jifen/contract";
import { refuse } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { createByLink } from "../identity/create-by-link.ts";
import { nobodyYet } from "../identity/first-admin.ts";
import { implement } from "../trpc.ts";

/** The first who may do everything. */
export const firstAdmin = (deps: Deps) =>
  implement(operations.auth.firstAdmin, async ({ input, requestId }) => {
    if (!(await deps.database.users.isEmpty("admin"))) return refuse({ code: "LINK_OVER" });
    const { token, email, name, newPassword } = input;
    const person = { email, name, role: "admin" } as const;
    const newcomer = { token, purpose: "first-admin", newPassword, requestId } as const;
    return createByLink(deps, { ...newcomer, person: (link) => (link.userId === nobodyYet ? person : undefined) });
  });
