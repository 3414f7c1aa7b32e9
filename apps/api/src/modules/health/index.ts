import type { Deps } from "../../deps.ts";
import type { Procedures } from "../../trpc/procedure.ts";
import { check } from "./check.ts";

/** Procedures about the process. */
export const healthProcedures = (deps: Deps): Procedures["health"] => ({ check: check(deps) });
