import { isEmailId } from "@jifen/contract";
import { ok, refuse, type UserId } from "@jifen/core";
import type { NamedBy, ProvisionNamedUser } from "../credentials/named-users.ts";
import type { NewUserMeter } from "../credentials/new-user-meter.ts";
import type { Deps } from "../deps.ts";
import { countNewUser, type NewUserCountDeps } from "./count-new-user.ts";
import { insertUser } from "./insert-user.ts";
import { canCreate } from "./power.ts";

/** What creating a user that a service key names needs. */
export type NamedUserDeps = Pick<
  Deps,
  "database" | "userCache" | "newId" | "nowMs" | "initialCredits" | "adminEmails"
> &
  NewUserCountDeps & {
    readonly meter: Pick<NewUserMeter, "created">;
  };

/** Concurrent requests that name one user create it once: those of this process share the creation. */
export function createNamedUserProvisioner(deps: NamedUserDeps): ProvisionNamedUser {
  const running = new Map<string, ReturnType<ProvisionNamedUser>>();
  return (id, by) => {
    const name = `${by.actor} ${id}`;
    const started = running.get(name) ?? provision(deps, id, by).finally(() => running.delete(name));
    running.set(name, started);
    return started;
  };
}

async function provision(deps: NamedUserDeps, id: UserId, by: NamedBy): ReturnType<ProvisionNamedUser> {
  const { database, userCache, initialCredits, meter } = deps;
  const email = isEmailId(id) ? id : "";
  const author = await database.users.author(by.actor);
  if (!canCreate(author, { email, role: "user" }, deps)) {
    return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: "users:write" });
  }
  // Read before it is counted: a user that exists or was deleted is not created, and does not use up the limit of the key.
  if (!(await database.users.find(id))) {
    const counted = await countNewUser(deps, by.keyId);
    if (!counted.ok) return counted;
    // A user of an address can still sign in here once they prove it. One of a site signs in there.
    const claim = isEmailId(id) ? ("open" as const) : undefined;
    const newUser = { id, email, passwordHash: null, role: "user", claim, initialCredits } as const;
    if (await insertUser(deps, newUser, { by })) meter.created();
  }
  // A look-up that began before the insert must not be cached.
  userCache.forget(id);
  const user = await userCache.find(id);
  if (!user) return refuse({ code: "USER_NOT_FOUND" });
  return user.suspended ? refuse({ code: "ACCOUNT_SUSPENDED" }) : ok(undefined);
}
