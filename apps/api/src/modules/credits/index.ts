import type { Procedures } from "../../trpc/procedure.ts";
import { adminProcedures } from "./admin/index.ts";
import type { Deps } from "./deps.ts";
import { grantsProcedures } from "./grants/index.ts";
import { holdsProcedures } from "./holds/index.ts";
import { refundsProcedures } from "./refunds/index.ts";
import { spendingProcedures } from "./spending/index.ts";
import { transactionsProcedures } from "./transactions/index.ts";

/** Procedures of the credits module. */
export const creditsProcedures = (
  deps: Deps,
): Pick<Procedures, "admin" | "credits" | "grants" | "holds" | "refunds" | "transactions"> => ({
  admin: adminProcedures(deps),
  credits: spendingProcedures(deps),
  grants: grantsProcedures(deps),
  holds: holdsProcedures(deps),
  refunds: refundsProcedures(deps),
  transactions: transactionsProcedures(deps),
});
