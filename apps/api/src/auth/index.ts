import type { Deps } from "../deps.ts";
import type { Procedures } from "../trpc.ts";
import { login } from "./login.ts";
import { verify } from "./verify.ts";

/** Procedures about who somebody is. */
export const authProcedures = (deps: Deps): Procedures["auth"] => ({ login: login(deps), verify: verify(deps) });
