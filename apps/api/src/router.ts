import { authProcedures } from "./auth/index.ts";
import { creditsProcedures } from "./credits/index.ts";
import type { Deps } from "./deps.ts";
import { healthProcedures } from "./health/index.ts";
import { logsProcedures } from "./logs/index.ts";
import { buildRouter } from "./trpc.ts";

/** The table of contents. */
export const createRouter = (deps: Deps) =>
  buildRouter({
    auth: authProcedures(deps),
    credits: creditsProcedures(deps),
    health: healthProcedures(deps),
    logs: logsProcedures(deps),
  });

/** The router's type. */
export type AppRouter = ReturnType<typeof createRouter>;
