import type { Procedures } from "../../../trpc/procedure.ts";
import { create } from "./create.ts";
import type { Deps } from "./deps.ts";

/** Procedures of the exports module. */
export const exportsProcedures = (deps: Deps): Pick<Procedures, "exports"> => ({ exports: { create: create(deps) } });
