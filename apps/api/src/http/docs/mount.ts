import type { Hono } from "hono";
import type { Route } from "../../rest/routes.ts";
import type { Env } from "../env.ts";
import type { Responses } from "../responses.ts";
import type { OpenApi } from "./fields.ts";
import { docsPage } from "./page.ts";

/** What the documentation is created from. */
type Docs = { readonly responses: Responses; readonly document: OpenApi; readonly routes: readonly Route[] };

/** Serves the OpenAPI document at `/openapi.json` and the documentation page at `/docs`. */
export function mountDocs(app: Hono<Env>, { responses, document, routes }: Docs): void {
  app.get("/openapi.json", (c) => responses.json(c, document));
  app.get("/docs", async (c) => {
    const page = await docsPage({ document, routes, origin: new URL(c.req.url).origin });
    const headers = { ...responses.headers(c), "Content-Type": "text/html; charset=UTF-8" };
    return new Response(String(page), { headers });
  });
  app.get("/", (c) => new Response(null, { status: 302, headers: { ...responses.headers(c), Location: "/docs" } }));
}
