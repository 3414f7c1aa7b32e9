import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { grant } from "./grant.ts";
import { revoke } from "./revoke.ts";

/** Procedures of those who run the place. */
export const adminProcedures = (deps: Deps): Procedures["admin"] => ({ grant: grant(deps), revoke: revoke(deps) });
