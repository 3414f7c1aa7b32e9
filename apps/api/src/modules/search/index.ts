import type { Procedures } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { find } from "./find.ts";

/** Procedures of the search. */
export const searchProcedures = (deps: Deps): Pick<Procedures, "search"> => ({ search: { find: find(deps) } });
