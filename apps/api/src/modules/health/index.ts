import type { Procedures } from "../../trpc/procedure.ts";
import { check } from "./check.ts";
import type { Deps } from "./deps.ts";

/** Procedures of the health module. */
export const healthProcedures = (deps: Deps): Pick<Procedures, "health"> => ({ health: { check: check(deps) } });
