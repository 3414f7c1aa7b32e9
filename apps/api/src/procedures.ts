import type { Deps } from "./deps.ts";
import { auditLogProcedures } from "./modules/audit/index.ts";
import { adminProcedures } from "./modules/credits/admin/index.ts";
import { grantsProcedures } from "./modules/credits/grants/index.ts";
import { holdsProcedures } from "./modules/credits/holds/index.ts";
import { refundsProcedures } from "./modules/credits/refunds/index.ts";
import { creditsProcedures } from "./modules/credits/spending/index.ts";
import { transactionsProcedures } from "./modules/credits/transactions/index.ts";
import { healthProcedures } from "./modules/health/index.ts";
import { authProcedures } from "./modules/identity/auth/index.ts";
import { keysProcedures } from "./modules/identity/keys/index.ts";
import { usersProcedures } from "./modules/identity/users/index.ts";
import { logsProcedures } from "./modules/logs/index.ts";
import type { buildRouter, Procedures } from "./trpc/procedure.ts";

/** The table of contents. */
export const createProcedures = (deps: Deps): Procedures => ({
  admin: adminProcedures(deps),
  auditLog: auditLogProcedures(deps),
  auth: authProcedures(deps),
  credits: creditsProcedures(deps),
  grants: grantsProcedures(deps),
  health: healthProcedures(deps),
  holds: holdsProcedures(deps),
  keys: keysProcedures(deps),
  logs: logsProcedures(deps),
  refunds: refundsProcedures(deps),
  transactions: transactionsProcedures(deps),
  users: usersProcedures(deps),
});

/** The router's type. */
export type AppRouter = ReturnType<typeof buildRouter>;
