import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { create } from "./create.ts";

/** Procedures about refunds. */
export const refundsProcedures = (deps: Deps): Procedures["refunds"] => ({ create: create(deps) });
