import { adminProcedures } from "./admin/index.ts";
import { auditLogProcedures } from "./audit-log/index.ts";
import { authProcedures } from "./auth/index.ts";
import { creditsProcedures } from "./credits/index.ts";
import type { Deps } from "./deps.ts";
import { grantsProcedures } from "./grants/index.ts";
import { healthProcedures } from "./health/index.ts";
import { holdsProcedures } from "./holds/index.ts";
import { keysProcedures } from "./keys/index.ts";
import { logsProcedures } from "./logs/index.ts";
import { refundsProcedures } from "./refunds/index.ts";
import { transactionsProcedures } from "./transactions/index.ts";
import type { buildRouter, Procedures } from "./trpc.ts";
import { usersProcedures } from "./users/index.ts";

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
