import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { grant } from "./grant.ts";
import { revoke } from "./revoke.ts";

/** Procedures that grant and revoke credits by hand. */
export const adminProcedures = (deps: Deps): Procedures["admin"] => ({ grant: grant(deps), revoke: revoke(deps) });
