import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { grant } from "./grant.ts";
import { grantMany } from "./grant-many.ts";
import { releaseHold } from "./release-hold.ts";
import { revoke } from "./revoke.ts";

/** Procedures by which staff changes what a user has. */
export const adminProcedures = (deps: Deps): Procedures["admin"] => ({
  grant: grant(deps),
  grantMany: grantMany(deps),
  releaseHold: releaseHold(deps),
  revoke: revoke(deps),
});
