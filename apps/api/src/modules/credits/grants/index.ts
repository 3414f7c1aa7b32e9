import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { list } from "./list.ts";

/** Procedures about grants. */
export const grantsProcedures = (deps: Deps): Procedures["grants"] => ({ list: list(deps) });
