import { Hono } from "hono";
import type { Deps } from "./http/deps.ts";
import { mountDocs } from "./http/docs/mount.ts";
import type { Env } from "./http/env.ts";
import { mountFallback } from "./http/fallback.ts";
import { mountMetrics } from "./http/metrics/mount.ts";
import { mountProbes } from "./http/probes.ts";
import { createResponses } from "./http/responses.ts";
import { mountLinkPage } from "./modules/identity/link-page/mount.ts";
import { mountRest } from "./rest/adapter.ts";
import { createOpenApiDocument } from "./rest/openapi.ts";
import { routesOf } from "./rest/routes.ts";
import { mountTrpc } from "./trpc/mount.ts";
import { buildRouter, type Procedures } from "./trpc/procedure.ts";
import { version } from "./version.ts";

/** What the server serves. */
type Served = {
  readonly deps: Deps;
  readonly procedures: Procedures;
  /** Characters of a new password, for the form on the link page. */
  readonly minPasswordLength: number;
};

/** Builds the server: every transport over one table of procedures. No middleware: see `Responses` for the reason. */
export function createServer({ deps, procedures, minPasswordLength }: Served): Hono<Env> {
  const app = new Hono<Env>();
  const answers = createResponses(deps.frontendOrigins);
  const routes = routesOf(procedures);

  mountProbes(app, deps, answers);
  mountMetrics(app, deps, answers);
  mountTrpc(app, { deps, answers, router: buildRouter(procedures) });
  mountRest(app, { deps, answers, routes });
  mountDocs(app, { answers, document: createOpenApiDocument(version, routes), routes });
  mountLinkPage(app, { minPasswordLength }, answers);
  mountFallback(app, deps.log, answers);
  return app;
}
