import type { Deps } from "../../deps.ts";
import type { Procedures } from "../../trpc/procedure.ts";
import { create } from "./create.ts";

/** Procedures about the log of calls. */
export const logsProcedures = (deps: Deps): Procedures["logs"] => ({ create: create(deps) });
