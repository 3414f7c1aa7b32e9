import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { list } from "./list.ts";

/** Procedures about where credits came from. */
export const grantsProcedures = (deps: Deps): Procedures["grants"] => ({ list: list(deps) });
