import type { Procedures } from "../../trpc/procedure.ts";
import { create } from "./create.ts";
import type { Deps } from "./deps.ts";

/** Procedures of the logs module. */
export const logsProcedures = (deps: Deps): Pick<Procedures, "logs"> => ({ logs: { create: create(deps) } });
