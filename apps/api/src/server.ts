import { Hono } from "hono";
import type { Deps } from "./http/deps.ts";
import { mountDocs } from "./http/docs/mount.ts";
import type { Env } from "./http/env.ts";
import { mountFallback } from "./http/fallback.ts";
import { mountMetrics } from "./http/metrics/mount.ts";
import { mountPageRedirects } from "./http/page-redirects.ts";
import { routePath } from "./http/path.ts";
import { mountProbes } from "./http/probes.ts";
import { createResponses } from "./http/responses.ts";
import { mountLinkPage } from "./modules/identity/link-page/mount.ts";
import { mountRest } from "./rest/adapter.ts";
import { createOpenApiDocument } from "./rest/openapi.ts";
import { routesOf } from "./rest/routes.ts";
import { mountTrpc } from "./trpc/mount.ts";
import { buildRouter, type Procedures } from "./trpc/procedure.ts";
import { version } from "./version.ts";

/** What the server is built from. */
type ServerParts = {
  readonly deps: Deps;
  readonly procedures: Procedures;
  /** Characters of a new password, for the form on the link page. */
  readonly minPasswordLength: number;
};

/** Builds the server: every transport over one table of procedures. No middleware: see `Responses` for the reason. */
export function createServer({ deps, procedures, minPasswordLength }: ServerParts): Hono<Env> {
  const app = new Hono<Env>({ getPath: routePath });
  const responses = createResponses(deps);
  const routes = routesOf(procedures);

  mountProbes(app, deps, responses);
  mountMetrics(app, deps, responses);
  mountTrpc(app, { deps, responses, router: buildRouter(procedures) });
  mountRest(app, { deps, responses, routes });
  mountPageRedirects(app, ["/docs", "/link"], responses);
  // Created when it is requested: it takes more time than most parts of a start.
  const document = () => createOpenApiDocument(version, routes, deps.configuredUrl);
  mountDocs(app, { deps, responses, document, routes, publicUrl: deps.publicUrl });
  mountLinkPage(app, { deps, minPasswordLength, responses });
  mountFallback(app, deps.log, responses);
  return app;
}
