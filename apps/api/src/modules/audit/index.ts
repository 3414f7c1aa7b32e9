import type { Procedures } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { list } from "./list.ts";

/** Procedures of the audit module. */
export const auditProcedures = (deps: Deps): Pick<Procedures, "auditLog"> => ({ auditLog: { list: list(deps) } });
