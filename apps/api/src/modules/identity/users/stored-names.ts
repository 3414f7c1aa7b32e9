import { type Role, roles, type Scope, scopes } from "@jifen/contract";
import { invariant } from "@jifen/core";
import type { ServiceKey, User } from "@jifen/database";

/** The role that a user has in the database. @throws InvariantError for a role that there is not */
export function storedRole({ role }: Pick<User, "role">): Role {
  const found = roles.find((each) => each === role);
  invariant(found !== undefined, `the database holds the role "${role}", which is none of ${roles.join(", ")}`);
  return found;
}

/** The scopes that a key has in the database, those that there are. */
export const storedScopes = (key: Pick<ServiceKey, "scopes">): Scope[] =>
  scopes.filter((scope) => key.scopes.includes(scope));
