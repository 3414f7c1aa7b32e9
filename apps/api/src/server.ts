import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { createAnswers } from "./answers.ts";
import type { Deps } from "./deps.ts";
import { mountDocs } from "./docs/mount.ts";
import { mountLinkPage } from "./link-page/mount.ts";
import { mountMetrics } from "./metrics/mount.ts";
import { mountProbes } from "./probes.ts";
import { mountRest } from "./rest/adapter.ts";
import { createOpenApiDocument } from "./rest/openapi.ts";
import { routesOf } from "./rest/routes.ts";
import { createProcedures } from "./router.ts";
import { buildRouter } from "./trpc.ts";
import { mountTrpc } from "./trpc-mount.ts";
import { mountUnserved } from "./unserved.ts";
import { version } from "./version.ts";

/** What every request carries. */
export type Env = { Variables: { requestId?: string }; Bindings: HttpBindings };

/** Builds the server: every way in, over one table of procedures. No middleware: see `Answers` for the reason. */
export function createServer(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const answers = createAnswers(deps.frontendOrigins);
  const procedures = createProcedures(deps);
  const routes = routesOf(procedures);

  mountProbes(app, deps, answers);
  mountMetrics(app, deps, answers);
  mountTrpc(app, { deps, answers, router: buildRouter(procedures) });
  mountRest(app, { deps, answers, routes });
  mountDocs(app, { answers, document: createOpenApiDocument(version, routes), routes });
  mountLinkPage(app, deps, answers);
  mountUnserved(app, deps.log, answers);
  return app;
}
