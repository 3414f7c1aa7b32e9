import type { Deps } from "../../deps.ts";
import type { Procedures } from "../../trpc/procedure.ts";
import { list } from "./list.ts";

/** Procedures of the audit log. */
export const auditLogProcedures = (deps: Deps): Procedures["auditLog"] => ({ list: list(deps) });
