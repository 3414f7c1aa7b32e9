import type { Procedures } from "../../trpc/procedure.ts";
import { authProcedures } from "./auth/index.ts";
import type { Deps } from "./deps.ts";
import { keysProcedures } from "./keys/index.ts";
import { sessionProcedures } from "./session/index.ts";
import { usersProcedures } from "./users/index.ts";

/** Procedures of the identity module. */
export const identityProcedures = (deps: Deps): Pick<Procedures, "auth" | "keys" | "session" | "users"> => ({
  auth: authProcedures(deps),
  keys: keysProcedures(deps),
  session: sessionProcedures(deps),
  users: usersProcedures(deps),
});
