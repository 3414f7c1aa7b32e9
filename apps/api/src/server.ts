import { Hono } from "hono";
import { mountClientPackage } from "./client-package/mount.ts";
import { mountComponents } from "./components/mount.ts";
import { mountConsole } from "./console/mount.ts";
import { mountStart } from "./console/mount-start.ts";
import type { ConsoleBuild } from "./console/read-build.ts";
import type { Deps } from "./http/deps.ts";
import { mountDocs } from "./http/docs/mount.ts";
import type { Env } from "./http/env.ts";
import { mountFallback } from "./http/fallback.ts";
import { mountMetrics } from "./http/metrics/mount.ts";
import { mountPageRedirects } from "./http/page-redirects.ts";
import { routePath } from "./http/path.ts";
import { mountProbes } from "./http/probes.ts";
import { createResponses } from "./http/responses.ts";
import { mountDemo } from "./modules/billing/demo/mount.ts";
import type { PaymentDeps } from "./modules/billing/payment-deps.ts";
import { mountPayments } from "./modules/billing/payments/mount.ts";
import { mountExportLinks } from "./modules/exports/links/mount.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { mountSignInPages } from "./modules/identity/pages/mount.ts";
import { mountRest } from "./rest/adapter.ts";
import { createOpenApiDocument } from "./rest/openapi.ts";
import { routesOf, streamRoutesOf } from "./rest/routes.ts";
import { mountStreams } from "./rest/streams.ts";
import { mountTrpc } from "./trpc/mount.ts";
import { buildRouter, type Procedures } from "./trpc/procedure.ts";
import type { ImplementedStreams } from "./trpc/stream.ts";
import { version } from "./version.ts";

/** What the server is built from. */
type ServerParts = {
  readonly deps: Deps;
  readonly procedures: Procedures;
  readonly streams: ImplementedStreams;
  readonly payments: PaymentDeps;
  readonly identity: IdentityDeps;
  /** Characters of a new password, for the forms that set one. */
  readonly minPasswordLength: number;
  /** undefined: the server serves no console. */
  readonly consoleBuild: ConsoleBuild | undefined;
};

/** Builds the server: every transport over one table of procedures. No middleware: see `Responses` for the reason. */
export function createServer({
  deps,
  procedures,
  streams,
  payments,
  identity,
  minPasswordLength,
  consoleBuild,
}: ServerParts): Hono<Env> {
  const app = new Hono<Env>({ getPath: routePath });
  const responses = createResponses(deps);
  const [routes, streamRoutes] = [routesOf(procedures), streamRoutesOf(streams)];
  const described = [...routes, ...streamRoutes];

  mountProbes(app, deps, responses);
  mountMetrics(app, deps, responses);
  mountPayments(app, { deps, payments, responses });
  mountDemo(app, { deps, payments, responses });
  mountTrpc(app, { deps, responses, router: buildRouter(procedures) });
  mountStreams(app, { deps, responses, routes: streamRoutes });
  mountExportLinks(app, { ...identity, streams }, { deps, responses });
  mountRest(app, { deps, responses, routes });
  mountPageRedirects(app, ["/docs", "/docs-staff", "/link", "/login", "/register", "/forgot"], responses);
  // Created when it is requested: it takes more time than most parts of a start.
  const document = () => createOpenApiDocument(version, described, deps.configuredUrl);
  mountDocs(app, { deps, responses, document, routes: described, publicUrl: deps.publicUrl });
  mountSignInPages(app, { http: deps, identity, auth: procedures.auth, responses, minPasswordLength });
  mountComponents(app, { deps, responses });
  mountClientPackage(app, { deps, responses });
  mountStart(app, { responses, publicUrl: deps.publicUrl, hasConsole: consoleBuild !== undefined });
  if (consoleBuild) mountConsole(app, { deps, responses, build: consoleBuild });
  mountFallback(app, deps.log, responses);
  return app;
}
