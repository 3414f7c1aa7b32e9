import type { Deps as AccountsDeps } from "./modules/accounts/deps.ts";
import { accountsProcedures } from "./modules/accounts/index.ts";
import type { Deps as AuditDeps } from "./modules/audit/deps.ts";
import { auditProcedures } from "./modules/audit/index.ts";
import type { Deps as BillingDeps } from "./modules/billing/deps.ts";
import { billingProcedures } from "./modules/billing/index.ts";
import type { Deps as CreditsDeps, StreamDeps as CreditsStreamDeps } from "./modules/credits/deps.ts";
import { creditsProcedures, creditsStreams } from "./modules/credits/index.ts";
import type { Deps as ExportsDeps } from "./modules/exports/links/deps.ts";
import { exportsProcedures } from "./modules/exports/links/index.ts";
import type { Deps as HealthDeps } from "./modules/health/deps.ts";
import { healthProcedures } from "./modules/health/index.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { identityProcedures } from "./modules/identity/index.ts";
import type { Deps as LiveDeps } from "./modules/live/deps.ts";
import { liveStreams } from "./modules/live/index.ts";
import type { Deps as LogsDeps } from "./modules/logs/deps.ts";
import { logsProcedures, logsStreams } from "./modules/logs/index.ts";
import type { Deps as SearchDeps } from "./modules/search/deps.ts";
import { searchProcedures } from "./modules/search/index.ts";
import type { Deps as StatsDeps } from "./modules/stats/deps.ts";
import { statsProcedures } from "./modules/stats/index.ts";
import type { Deps as SystemDeps } from "./modules/system/deps.ts";
import { systemProcedures } from "./modules/system/index.ts";
import type { Deps as WebhooksDeps } from "./modules/webhooks/deps.ts";
import { webhooksProcedures } from "./modules/webhooks/index.ts";
import type { Procedures } from "./trpc/procedure.ts";
import type { ImplementedStreams } from "./trpc/stream.ts";

/** The dependencies of each module. */
type ModuleDeps = {
  readonly accounts: AccountsDeps;
  readonly audit: AuditDeps;
  readonly billing: BillingDeps;
  readonly credits: CreditsDeps;
  readonly exports: ExportsDeps;
  readonly health: HealthDeps;
  readonly identity: IdentityDeps;
  readonly logs: LogsDeps;
  readonly search: SearchDeps;
  readonly stats: StatsDeps;
  readonly system: SystemDeps;
  readonly webhooks: WebhooksDeps;
};

/** The dependencies of the modules that have streams. */
type StreamDeps = { readonly credits: CreditsStreamDeps; readonly live: LiveDeps; readonly logs: LogsDeps };

/** One procedure for every operation of the contract, from all modules. */
export const createProcedures = (deps: ModuleDeps): Procedures => ({
  ...accountsProcedures(deps.accounts),
  ...auditProcedures(deps.audit),
  ...billingProcedures(deps.billing),
  ...creditsProcedures(deps.credits),
  ...exportsProcedures(deps.exports),
  ...healthProcedures(deps.health),
  ...identityProcedures(deps.identity),
  ...logsProcedures(deps.logs),
  ...searchProcedures(deps.search),
  ...statsProcedures(deps.stats),
  ...systemProcedures(deps.system),
  ...webhooksProcedures(deps.webhooks),
});

/** One implementation for every stream of the contract, from all modules. */
export const createStreams = ({ credits, live, logs }: StreamDeps): ImplementedStreams => ({
  ...creditsStreams(credits),
  ...liveStreams(live),
  ...logsStreams(logs),
});
