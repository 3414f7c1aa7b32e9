import { userId } from "@jifen/core";
import { bySystem } from "../../audit/audit-event.ts";
import type { AuthJsClaims } from "../credentials/authjs-tokens.ts";
import type { Deps } from "../deps.ts";
import { createUser } from "./create-user.ts";

/** Makes the user of a session that began elsewhere, with the initial credits, once however many requests come at once. */
export const createUserProvisioner =
  (deps: Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "initialCredits">) =>
  async ({ email, name }: AuthJsClaims): Promise<void> => {
    const person = { email, name, passwordHash: null, role: "user", initialCredits: deps.initialCredits } as const;
    await createUser(deps, person, { by: bySystem, action: "users.create" });
    // Somebody may be looking for that person since before.
    deps.userCache.forget(userId(email));
  };
