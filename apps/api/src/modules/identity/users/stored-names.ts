import { type Role, roles, type Scope, scopes } from "@jifen/contract";
import { invariant } from "@jifen/core";
import type { ServiceKey, User } from "@jifen/database";

/** The role of a user row. @throws InvariantError for an unknown role */
export function storedRole({ role }: Pick<User, "role">): Role {
  const found = roles.find((each) => each === role);
  invariant(found !== undefined, `the database holds the role "${role}", which is not one of ${roles.join(", ")}`);
  return found;
}

/** The scopes of a key row; unknown ones are left out. */
export const storedScopes = (key: Pick<ServiceKey, "scopes">): Scope[] =>
  scopes.filter((scope) => key.scopes.includes(scope));
