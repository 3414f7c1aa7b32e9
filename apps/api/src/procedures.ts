import type { Deps as AuditDeps } from "./modules/audit/deps.ts";
import { auditProcedures } from "./modules/audit/index.ts";
import type { Deps as CreditsDeps } from "./modules/credits/deps.ts";
import { creditsProcedures } from "./modules/credits/index.ts";
import type { Deps as HealthDeps } from "./modules/health/deps.ts";
import { healthProcedures } from "./modules/health/index.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { identityProcedures } from "./modules/identity/index.ts";
import type { Deps as LogsDeps } from "./modules/logs/deps.ts";
import { logsProcedures } from "./modules/logs/index.ts";
import type { Procedures } from "./trpc/procedure.ts";

/** The dependencies of each module. */
type ModuleDeps = {
  readonly audit: AuditDeps;
  readonly credits: CreditsDeps;
  readonly health: HealthDeps;
  readonly identity: IdentityDeps;
  readonly logs: LogsDeps;
};

/** One procedure for every operation of the contract, from all modules. */
export const createProcedures = (deps: ModuleDeps): Procedures => ({
  ...auditProcedures(deps.audit),
  ...creditsProcedures(deps.credits),
  ...healthProcedures(deps.health),
  ...identityProcedures(deps.identity),
  ...logsProcedures(deps.logs),
});
