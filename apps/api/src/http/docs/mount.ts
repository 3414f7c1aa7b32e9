import type { Hono } from "hono";
import type { Route } from "../../rest/routes.ts";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import type { Responses } from "../responses.ts";
import { documentHandler } from "../static-document.ts";
import type { OpenApi } from "./fields.ts";
import { docsPage } from "./page.ts";

/** What the documentation is created from. */
type Docs = {
  readonly deps: Pick<Deps, "rateLimits" | "clientAddress">;
  readonly responses: Responses;
  readonly document: () => OpenApi;
  readonly routes: readonly Route[];
  /** The address of this server for users. */
  readonly publicUrl: () => string;
};

/** The documentation changes with an upgrade only. */
const cacheControl = "public, max-age=300";

/** Serves the OpenAPI document at `/openapi.json` and the documentation page at `/docs`. */
export function mountDocs(app: Hono<Env>, { deps, responses, document, routes, publicUrl }: Docs): void {
  const serve = documentHandler(deps, responses);
  app.get(
    "/openapi.json",
    serve({ render: () => JSON.stringify(document()), contentType: "application/json", cacheControl }),
  );
  app.get(
    "/docs",
    serve({
      render: async () => String(await docsPage({ document: document(), routes, origin: publicUrl() })),
      contentType: "text/html; charset=UTF-8",
      cacheControl,
    }),
  );
  app.get("/", (c) => new Response(null, { status: 302, headers: { ...responses.headers(c), Location: "docs" } }));
}
