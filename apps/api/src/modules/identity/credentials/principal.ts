import type { UserId } from "@jifen/core";
import type { Actor } from "../../audit/audit-event.ts";
import type { Caller } from "./caller.ts";

/** Who runs a use case: its permissions are checked, and the audit log names it. */
export type Principal = Actor &
  Pick<Caller, "role" | "scopes" | "key"> & {
    /** null for the operator, who is not a user. */
    readonly userId: UserId | null;
  };

/** The caller of a request. */
export const principalOf = ({ actor, userId, role, scopes, key }: Caller, requestId: string): Principal => ({
  actor,
  requestId,
  userId,
  role,
  scopes,
  key,
});

/** The command line. A person with a shell on the server has every permission. */
export const operatorPrincipal: Principal = {
  actor: "operator",
  requestId: null,
  userId: null,
  role: "admin",
  scopes: null,
  key: null,
};

/** The user on whose behalf a principal acts by default: the owner of a service key, or the logged-in user. */
export const ownUserId = ({ key, userId }: Principal): UserId | null => key?.ownerId ?? userId;
