import { userId } from "@jifen/core";
import { bySystem } from "../../audit/audit-event.ts";
import type { AuthJsClaims } from "../credentials/authjs-tokens.ts";
import type { Deps } from "../deps.ts";
import { insertUser } from "./insert-user.ts";

/**
 * Just-in-time provisioning: creates the user of an Auth.js session at the first request, with the initial credits.
 * Concurrent requests create one user.
 */
export const createUserProvisioner =
  (deps: Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "initialCredits">) =>
  async ({ email, name }: AuthJsClaims): Promise<void> => {
    const newUser = { email, name, passwordHash: null, role: "user", initialCredits: deps.initialCredits } as const;
    await insertUser(deps, newUser, { by: bySystem });
    // A look-up that began before the insert must not be cached.
    deps.userCache.forget(userId(email));
  };
