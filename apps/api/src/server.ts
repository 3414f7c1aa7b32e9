import { Hono } from "hono";
import type { Deps } from "./deps.ts";
import { mountDocs } from "./http/docs/mount.ts";
import type { Env } from "./http/env.ts";
import { mountFallback } from "./http/fallback.ts";
import { mountMetrics } from "./http/metrics/mount.ts";
import { mountProbes } from "./http/probes.ts";
import { createResponses } from "./http/responses.ts";
import { mountLinkPage } from "./modules/identity/link-page/mount.ts";
import { createProcedures } from "./procedures.ts";
import { mountRest } from "./rest/adapter.ts";
import { createOpenApiDocument } from "./rest/openapi.ts";
import { routesOf } from "./rest/routes.ts";
import { mountTrpc } from "./trpc/mount.ts";
import { buildRouter } from "./trpc/procedure.ts";
import { version } from "./version.ts";

/** Builds the server: every way in, over one table of procedures. No middleware: see `Answers` for the reason. */
export function createServer(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const answers = createResponses(deps.frontendOrigins);
  const procedures = createProcedures(deps);
  const routes = routesOf(procedures);

  mountProbes(app, deps, answers);
  mountMetrics(app, deps, answers);
  mountTrpc(app, { deps, answers, router: buildRouter(procedures) });
  mountRest(app, { deps, answers, routes });
  mountDocs(app, { answers, document: createOpenApiDocument(version, routes), routes });
  mountLinkPage(app, deps, answers);
  mountFallback(app, deps.log, answers);
  return app;
}
